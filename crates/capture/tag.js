// The tag that a site owner pastes. It notes at once, in memory only, what would be gone later (the addresses, the
// referrer, the moment), starts the downloads, and keeps the calls that come too early. What follows is done by the
// page script (`page/main.js`), and every rule lives in the module.
(function (window, document) {
  if (window.throughline) return;
  var script = document.currentScript;
  if (!script || !script.src) return;
  var folder = new URL(".", script.src).href;
  var collector = attempt(function () {
    return new URL((script.getAttribute("data-collector") || folder).replace(/\/?$/, "/"), location).href;
  }) || folder;
  var referrer = document.referrer;
  var engine = script.getAttribute("data-engine");
  var waiting = [], page;

  // A page that is not ours may miss or forbid anything; then nothing is remembered.
  function attempt(work) {
    try {
      return work();
    } catch (error) {
      return undefined;
    }
  }

  // Where the page is now, and where it was loaded from: a site may have cleaned its address before this script ran
  // (https://www.w3.org/TR/navigation-timing-2/#sec-performance-navigation-types).
  function addresses() {
    var loaded = attempt(function () {
      return performance.getEntriesByType("navigation")[0].name;
    });
    return location.href + "\n" + loaded;
  }

  // Where the visitor was before on this very site, newest first. The browser itself keeps both; only the first page
  // after a grant that came late needs them (https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api).
  function earlier() {
    var entries = attempt(function () {
      var now = navigation.currentEntry.index;
      return navigation.entries().slice(0, now).reverse();
    });
    return [referrer.startsWith(location.origin + "/") ? referrer : ""]
      .concat((entries || []).map(function (entry) { return entry.url; }))
      .join("\n");
  }

  var tag = {
    script: script,
    collector: collector,
    addresses: addresses,
    loaded: addresses(),
    earlier: earlier(),
    referrer: referrer,
    landedAt: Date.now(),
    // Tells the channels of a record.
    channels: function (record) {
      return import(folder + "__CHANNEL_JS__").then(function (part) {
        return part.default(record, engine);
      });
    },
    // Asks the consent tools anew; there is none yet.
    reread: function () {},
  };

  // At once, or as soon as the page script is there.
  function call(name, first, second) {
    if (page) page[name](first, second);
    else waiting.push([name, first, second]);
  }

  // A route may carry a click id for a moment only. Browsers without the Navigation API tell of a route by its call alone.
  function moved() {
    call("moved", location.href, Date.now());
  }
  if (window.navigation) navigation.addEventListener("currententrychange", moved);
  else {
    ["pushState", "replaceState"].forEach(function (name) {
      var change = history[name];
      history[name] = function () {
        change.apply(this, arguments);
        moved();
      };
    });
  }

  // A page that is prerendered is not a visit until it is shown (https://wicg.github.io/nav-speculation/prerendering.html).
  var shown = document.prerendering
    ? new Promise(function (resolve) {
        document.addEventListener("prerenderingchange", resolve, { once: true });
      }).then(function () {
        tag.landedAt = Date.now();
      })
    : Promise.resolve();

  // Starts the page script with the module as WebAssembly, or with the same code as plain JavaScript where the page's
  // policy, the browser or the network refuses that. The probe is the smallest module there is.
  async function load() {
    if (engine !== "js") {
      try {
        new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        var parts = await Promise.all([
          WebAssembly.compileStreaming(
            fetch(folder + "__CAPTURE_WASM__", { integrity: "__CAPTURE_WASM_INTEGRITY__" }),
          ),
          import(folder + "__CAPTURE_JS__"),
        ]);
        return await parts[1].default(tag, parts[0]);
      } catch (error) {
        if (engine === "wasm") throw error;
      }
    }
    return (await import(folder + "__CAPTURE_FALLBACK__")).default(tag);
  }

  var ready = shown.then(function () {
    var mode = script.getAttribute("data-consent");
    if (mode !== "manual" && mode !== "not-required") {
      import(folder + "__CONSENT__/tools.js").then(function (tools) {
        tag.reread = tools.default(function () {
          call("hear", Array.prototype.join.call(arguments));
        }, {
          source: script.getAttribute("data-consent-source"),
          category: script.getAttribute("data-consent-category"),
          region: script.getAttribute("data-region"),
        });
      }).catch(warn);
    }
    return load();
  }).then(function (started) {
    page = started;
    waiting.forEach(function (early) {
      page[early[0]](early[1], early[2]);
    });
    page.begin();
    return api;
  });
  // A page that cannot run the script must not see an unhandled rejection of ours.
  function warn(error) {
    if (script.hasAttribute("data-debug")) console.warn("throughline:", error);
  }
  ready.catch(warn);

  var api = {
    ready: ready,
    get: function () {
      return page ? page.get() : null;
    },
    consent: function (answers) {
      answers = answers || {};
      call("hear", ["site", "explicit", answers.ad_storage, answers.ad_user_data, answers.ad_personalization].join());
    },
    fill: function (root) {
      call("fill", root);
    },
    forget: function () {
      call("forget");
    },
    lead: function (form) {
      return ready.then(function () {
        return page.lead(form);
      });
    },
    explain: function () {
      return page ? page.explain() : Promise.resolve(["The script is not loaded yet."]);
    },
    on: function (name, hear) {
      document.addEventListener("throughline:" + name, function (event) {
        hear(event.detail);
      });
    },
  };
  window.throughline = Object.freeze(api);
})(window, document);
