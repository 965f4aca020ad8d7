//! Writes JSON (<https://www.rfc-editor.org/rfc/rfc8259>), a text at a time. A general serialiser costs the browser
//! script more than the rules do.

use crate::digits::push_number;

/// JSON in the making.
#[derive(Default)]
pub(crate) struct Json(String);

impl Json {
    /// A list of everything that `items` writes.
    pub(crate) fn list(&mut self, items: impl FnOnce(&mut Self)) {
        self.open("[");
        items(self);
        self.0.push(']');
    }

    /// An object of all the members that `members` writes: each a name and then its value.
    pub(crate) fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.open("{");
        members(self);
        self.0.push('}');
    }

    /// A member whose value is written next.
    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.text(name);
        self.0.push(':');
        self
    }

    /// A member that is a text.
    pub(crate) fn member(&mut self, name: &str, text: &str) {
        self.name(name).text(text);
    }

    /// A value that is a number.
    pub(crate) fn number(&mut self, number: u64) {
        self.separate();
        push_number(&mut self.0, number, 10, 1);
    }

    /// A value that is a text.
    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        self.open("\"");
        for character in text.chars() {
            if character < ' ' || matches!(character, '"' | '\\') {
                self.0.push_str("\\u00");
                push_number(&mut self.0, u64::from(character), 16, 2);
            } else {
                self.0.push(character);
            }
        }
        self.0.push('"');
    }

    /// The finished text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    #[inline(never)]
    fn open(&mut self, bracket: &str) {
        self.separate();
        self.0.push_str(bracket);
    }

    fn separate(&mut self) {
        if !matches!(self.0.bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_back_as_it_was() {
        let all: String = ('\0'..='\u{ff}').chain("😀\u{2028}{[:".chars()).collect();
        for text in ["", "\"", "\\", "a\"b\\c\n", all.as_str()] {
            let mut json = Json::default();
            json.text(text);
            let read: String = serde_json::from_str(&json.into_text()).expect("JSON");
            assert_eq!(read, text);
        }
    }

    #[test]
    fn commas_stand_between_values_and_nowhere_else() {
        let mut json = Json::default();
        json.object(|json| {
            json.member("a", "[");
            json.name("b").list(|json| {
                json.number(1);
                json.object(|_| {});
            });
            json.member("c:", "{");
        });
        assert_eq!(json.into_text(), r#"{"a":"[","b":[1,{}],"c:":"{"}"#);
    }
}
