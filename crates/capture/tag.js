// The tag that a site owner pastes. It notes at once, in memory only, what would be gone later (the addresses, the
// referrer, the moment), starts the downloads, and keeps the calls that come too early. What follows is done by the
// page script (`page/main.js`), and every rule lives in the module.
((window, document) => {
  const script = document.currentScript;
  if (window.throughline || !script || !script.src) return;
  const { dataset } = script, { referrer } = document, { engine } = dataset;
  const folder = new URL(".", script.src).href;
  const waiting = [];
  let page;

  // A page that is not ours may miss or forbid anything; then nothing is remembered.
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };

  // Where the page is now, and where it was loaded from: a site may have cleaned its address before this script ran
  // (https://www.w3.org/TR/navigation-timing-2/#sec-performance-navigation-types).
  const addresses = () =>
    location.href + "\n" + attempt(() => performance.getEntriesByType("navigation")[0].name);

  // Where the visitor was before on this very site, newest first. The browser itself keeps both; only the first page
  // after a grant that came late needs them (https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api).
  const earlier = () => {
    const entries = attempt(() => navigation.entries().slice(0, navigation.currentEntry.index).reverse());
    return [referrer.startsWith(location.origin + "/") ? referrer : "", ...(entries || []).map(({ url }) => url)]
      .join("\n");
  };

  const tag = {
    script,
    collector: attempt(() => new URL((dataset.collector || folder).replace(/\/?$/, "/"), location).href) || folder,
    addresses,
    loaded: addresses(),
    earlier: earlier(),
    referrer,
    landedAt: Date.now(),
    // Tells what few fields ask for: the channels of a record, and its `fbc`.
    rareValues: (record) => import(folder + "__CHANNEL_JS__").then((part) => part.default(record, engine)),
    // Where the adapters of consent tools lie.
    adapters: folder + "__CONSENT__/",
  };

  // At once, or as soon as the page script is there.
  const call = (name, first, second) => {
    if (page) page[name](first, second);
    else waiting.push([name, first, second]);
  };

  // A route may carry a click id for a moment only. Browsers without the Navigation API show a route when it draws.
  attempt(() =>
    navigation.addEventListener("currententrychange", () => call("moved", location.href, Date.now())),
  );

  // Starts the page script with the module as WebAssembly, or with the same code as plain JavaScript where the page's
  // policy, the browser or the network refuses that. The probe is the smallest module there is.
  const load = async () => {
    if (engine !== "js") {
      try {
        new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        const [compiled, loaded] = await Promise.all([
          WebAssembly.compileStreaming(
            fetch(folder + "__CAPTURE_WASM__", { integrity: "__CAPTURE_WASM_INTEGRITY__" }),
          ),
          import(folder + "__CAPTURE_JS__"),
        ]);
        return await loaded.default(tag, compiled);
      } catch (error) {
        if (engine === "wasm") throw error;
      }
    }
    return (await import(folder + "__CAPTURE_FALLBACK__")).default(tag);
  };

  const start = async () => {
    // A page that is prerendered is not a visit until it is shown (https://wicg.github.io/nav-speculation/prerendering.html).
    if (document.prerendering) {
      await new Promise((resolve) => document.addEventListener("prerenderingchange", resolve, { once: true }));
      tag.landedAt = Date.now();
    }
    page = await load();
    for (const [name, first, second] of waiting) page[name](first, second);
    page.begin();
    return api;
  };

  const ready = start();
  // A page that cannot run the script must not see an unhandled rejection of ours.
  ready.catch((error) => "debug" in dataset && console.warn(error));

  const api = {
    ready,
    get: () => (page ? page.get() : null),
    consent: (answers) => {
      const { ad_storage, ad_user_data, ad_personalization } = answers || {};
      call("hear", ["site", "explicit", ad_storage, ad_user_data, ad_personalization].join());
    },
    fill: (root) => call("fill", root),
    forget: () => call("forget"),
    lead: (form) => ready.then(() => page.lead(form)),
    explain: async () => (page ? page.explain() : ["The script is not loaded yet."]),
    on: (name, hear) => document.addEventListener("throughline:" + name, ({ detail }) => hear(detail)),
  };
  window.throughline = Object.freeze(api);
})(window, document);
