// The page script: it stands between the page's events and the module. The tag starts it, and gets back what the page
// may ask for.
import * as module from "./ask.js";
import { lookForBuilders, valueOf } from "./builders.js";
import * as device from "./device.js";
import { askRareBy, fill, fillAll, mapBy, takeBack } from "./fields.js";
import { lead, notify, renew, report } from "./leads.js";
import { isElement, tell } from "./page.js";
import { record } from "./record.js";
import tools from "./tools.js";
import { watch } from "./watch.js";

// The attributes of the tag that the module reads, in the order that it expects (`tag_settings.rs`).
const SETTINGS = ["consent", "consentSource", "region", "params", "days", "forms", "leads", "map"];

// `tag` is what the tag noted; `compiled` the module, or the promise of it.
export default (tag, compiled) =>
  module.load(compiled).then(() => {
    const settings = SETTINGS.map((name) => tag.script.dataset[name]).join("\0");
    module.start(settings, tag.loaded, tag.earlier, tag.referrer, tag.landedAt);
    return page(tag, settings);
  });

function page(tag, settings) {
  const { dataset } = tag.script;
  const cookieDomain = dataset.cookieDomain;
  // What the device keeps for us: the text, or nothing where it would not take it.
  let kept;

  function remember() {
    const present = device.read();
    const answer = module.remember(tag.addresses(), present);
    if (device.holdsClicks(answer || "")) onDemand("clicks");
    if (!answer) return;
    const [seconds, days, text] = answer.split(" ");
    const domain = device.write(text, seconds, cookieDomain);
    kept = device.read();
    // Only a visit that is new to the device renews the cookie that the collector sets.
    if (!present.split("\n").includes(text)) {
      // The answer may come after a withdrawal, or after the answer to a newer text, and with it an older cookie.
      notify(tag, { ad_storage: "granted", record: text, domain: domain || "", days: +days }).then(
        () => (kept === undefined ? device.forget(cookieDomain) : compare()),
      );
    }
  }
  // Where the device takes nothing, there is nothing to compare with.
  function compare() {
    if (kept) take(module.reread(device.read()));
  }
  function forget() {
    device.forget(cookieDomain);
    if (kept !== undefined) notify(tag, { ad_storage: "denied" });
    kept = undefined;
  }
  // What hardly any page needs is a part of its own. Some browsers remember by its address that it could not be fetched
  // (https://github.com/whatwg/html/issues/6768), so it has another one then.
  const host = {
    tag,
    settings,
    state: module.state,
    join: (record) => take(module.joinRecord(record)),
    valueOf,
    // A builder says that what stands for a submission was sent.
    sent(submission, form) {
      report(tag, submission, form, true);
      renew(submission);
    },
    memory: device.memory,
  };
  let file = "./__ON_DEMAND_JS__";
  const onDemand = (tag.onDemand = (name, leadId, response) =>
    import(file)
      .then((part) => part[name](host, leadId, response))
      .catch((error) => {
        file += "#";
        return [String(error)];
      }));
  // Leads that the collector has not answered yet.
  function sendAgain() {
    if (module.consent() === "granted" && device.holdsLeads()) onDemand("queue");
  }

  // Does what is to be done.
  function take(step) {
    if (!step) return;
    if (step === "remember") remember();
    if (step === "forget") forget();
    const consent = module.consent();
    if (consent === "granted") {
      fillAll();
      sendAgain();
      if (dataset.userData === "hash") onDemand("userData");
    } else takeBack();
    tell("change", { consent });
  }
  const hear = (words) => take(module.hear(words));
  // Global Privacy Control is a refusal that the browser itself passes on (https://www.w3.org/TR/gpc/).
  function hearBrowser() {
    if (navigator.globalPrivacyControl) hear("gpc,opt_out");
  }
  let seen = tag.loaded.split("\n")[0];
  function moved(href, at_ms) {
    // Whatever else may have come with it.
    lookForBuilders(() => onDemand("builders"));
    if (href === seen) return;
    seen = href;
    take(module.moved(href, at_ms));
  }
  // Another tab, or another page of this tab, may have decided meanwhile, and the page's consent tool may not know.
  function reread() {
    compare();
    // The answer to a grant on a page before may have brought a cookie since.
    if (module.consent() === "denied") device.forget(cookieDomain);
    hearBrowser();
    tag.reread();
    sendAgain();
  }

  askRareBy(tag.rareValues);
  mapBy(dataset.map);
  hearBrowser();
  return {
    hear,
    moved,
    begin() {
      take(module.begin());
      const isAuto = dataset.consent !== "manual" && dataset.consent !== "not-required";
      tag.reread = isAuto ? tools((...words) => hear(words.join()), tag.adapters, dataset) : () => {};
      watch(tag, { moved, reread, trees: (root, open) => void onDemand("trees", root, open) });
      addEventListener("online", sendAgain);
      moved(location.href, Date.now());
      if (dataset.embeds) onDemand("embeds");
      if (dataset.linkDomains || /[?&]_tl=/.test(tag.loaded)) onDemand("link");
      tell("ready");
    },
    fill(root) {
      if (isElement(root)) fill(root);
      else fillAll();
    },
    forget() {
      module.forget();
      forget();
      takeBack();
    },
    lead: (form) => lead(tag, form),
    get() {
      const found = record();
      if (!found) return found;
      const { consent, touches, newest: { "": last = null, ...clicks } } = found;
      return { consent, first: touches[0] || null, last, clicks };
    },
    explain: () => onDemand("explain"),
  };
}
