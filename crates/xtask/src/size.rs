//! `cargo xtask size`: what a landing page with a form downloads, beside the budget.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::adapters;
use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::lazy_part::LazyPart;
use crate::product;
use crate::script_build::Script;

const BUDGET: &str = "crates/capture/size-budget.toml";

/// One file in bytes, as it is and as the two encodings that browsers ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sizes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Builds what has changed, prints the table, and fails above a limit.
pub(crate) fn run(checkout: &Checkout) -> Result<(), Failure> {
    product::build(checkout)?;
    let script = Script::in_workshop(checkout);
    let tag = ("tag.js".to_owned(), measure(&script.tag)?);
    let normal = [
        tag.clone(),
        (script.glue_name()?, measure(&script.glue)?),
        (script.module_name()?, measure(&script.module)?),
    ];
    let fallback = [tag.clone(), (script.fallback_name()?, measure(&script.fallback)?)];
    let all = print_table("bytes", &normal);
    print_table("without WebAssembly", &fallback);
    for folder in adapters::ALL {
        println!("and for each {} that the page has:", folder.occasion);
        for adapter in folder.files(checkout)? {
            let name = adapter.file_name().unwrap_or_default().to_string_lossy();
            print_sizes(&name, measure(&adapter)?);
        }
        println!();
    }
    for part in LazyPart::all(checkout) {
        let mut rows = Vec::new();
        for (name, file) in part.named()? {
            rows.push((name, measure(file)?));
        }
        // The last one is instead of the one before it.
        let fallback = rows.split_off(2);
        print_table(part.occasion(), &rows);
        print_table("or without WebAssembly", &fallback);
    }
    judge(&checkout::read(&checkout.path(BUDGET))?, tag.1.brotli, all.brotli)
}

/// Prints the files and their sum, and answers the sum.
fn print_table(title: &str, rows: &[(String, Sizes)]) -> Sizes {
    let all = rows.iter().fold(Sizes::default(), |sum, (_, sizes)| Sizes {
        raw: sum.raw + sizes.raw,
        gzip: sum.gzip + sizes.gzip,
        brotli: sum.brotli + sizes.brotli,
    });
    print_row(title, &["raw", "gzip -9", "brotli 11"]);
    for (name, sizes) in rows.iter().chain([&("in all".to_owned(), all)]) {
        print_sizes(name, *sizes);
    }
    println!();
    all
}

fn print_sizes(name: &str, sizes: Sizes) {
    let Sizes { raw, gzip, brotli } = sizes;
    print_row(name, &[raw, gzip, brotli]);
}

fn print_row(name: &str, [raw, gzip, brotli]: &[impl std::fmt::Display; 3]) {
    println!("{name:<26} {raw:>9} {gzip:>9} {brotli:>9}");
}

/// Compares brotli sizes with the budget file.
fn judge(budget: &str, tag: usize, all: usize) -> Result<(), Failure> {
    let goal = amount(budget, "goal_bytes")?;
    let limit = amount(budget, "limit_bytes")?;
    let tag_limit = amount(budget, "tag_limit_bytes")?;
    if all <= goal {
        println!("goal: {goal} bytes brotli in all; {} to spare", goal - all);
    } else {
        println!("goal: {goal} bytes brotli in all; {} over", all - goal);
    }
    if tag > tag_limit {
        return Err(Failure::new(format!(
            "tag.js has {tag} bytes brotli, and {tag_limit} is the limit ({BUDGET})."
        )));
    }
    if all > limit {
        return Err(Failure::new(format!(
            "The script has {all} bytes brotli, and {limit} is the limit ({BUDGET})."
        )));
    }
    Ok(())
}

/// `name = number` in the budget file.
fn amount(budget: &str, name: &str) -> Result<usize, Failure> {
    budget
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .and_then(|(_, value)| value.trim().parse().ok())
        .ok_or_else(|| Failure::new(format!("{BUDGET} does not say `{name} = <bytes>`.")))
}

fn measure(path: &Path) -> Result<Sizes, Failure> {
    let content = fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
    let compressed = |compress: fn(&[u8]) -> io::Result<usize>| {
        compress(&content).map_err(|error| Failure::file("compress", path, &error))
    };
    Ok(Sizes {
        raw: content.len(),
        gzip: compressed(gzip)?,
        brotli: compressed(brotli)?,
    })
}

fn gzip(content: &[u8]) -> io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len())
}

/// Quality 11 and a window that holds the whole file: what a static host serves.
fn brotli(mut content: &[u8]) -> io::Result<usize> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut compressed, &parameters)?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET_TEXT: &str = "# why\ngoal_bytes = 100\nlimit_bytes = 200\ntag_limit_bytes = 20\n";

    #[test]
    fn ok_up_to_the_limit_and_above_the_goal() {
        for (tag, all) in [(0, 0), (20, 100), (20, 101), (20, 200)] {
            assert!(judge(BUDGET_TEXT, tag, all).is_ok(), "{tag} {all}");
        }
    }

    #[test]
    fn err_one_byte_above_a_limit() {
        for (tag, all, named) in [(21, 100, "tag.js has 21"), (20, 201, "The script has 201")] {
            let said = judge(BUDGET_TEXT, tag, all).unwrap_err().to_string();
            assert!(said.contains(named), "{said}");
        }
    }

    #[test]
    fn err_a_budget_without_a_number() {
        let said = judge("goal_bytes = many", 1, 1).unwrap_err().to_string();
        assert!(said.contains("goal_bytes"), "{said}");
    }

    #[test]
    fn ok_both_encodings_shrink_what_repeats() {
        let content = "throughline ".repeat(100);
        assert!(gzip(content.as_bytes()).unwrap() < 100);
        assert!(brotli(content.as_bytes()).unwrap() < 50);
    }
}
