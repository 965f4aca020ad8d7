// The tag that a site owner pastes. It notes at once, in memory only, what would be gone later (the address, the
// referrer, the moment, early consent commands), starts the download of the module, and queues calls until the
// module is there. Every rule lives in the module.
(function (window, document) {
  if (window.throughline) return;
  var script = document.currentScript;
  if (!script) return;
  var href = location.href, referrer = document.referrer, landedAt = Date.now();
  var folder = new URL(".", script.src).href;
  var waiting = [], module;

  function call(name, values) {
    if (module) return module[name].apply(null, values);
    waiting.push([name, values]);
  }

  // Google Consent Mode: every command is an Arguments object in `dataLayer`; a plain array is not a command
  // (https://developers.google.com/tag-platform/security/guides/consent). A page may replace the array, so it is
  // looked at again wherever a decision is near.
  var layer;
  function note(entry) {
    if (Object.prototype.toString.call(entry) === "[object Arguments]" && entry[0] === "consent") {
      call("consent_command", [String(entry[1]), entry[2]]);
    }
  }
  function listen() {
    var current = (window.dataLayer = window.dataLayer || []);
    if (current === layer) return;
    layer = current;
    Array.prototype.forEach.call(layer, note);
    var push = layer.push;
    layer.push = function () {
      var result = push.apply(this, arguments);
      Array.prototype.forEach.call(arguments, note);
      return result;
    };
  }
  var mode = script.getAttribute("data-consent") || "auto";
  if (mode !== "manual" && mode !== "not-required") {
    listen();
    ["DOMContentLoaded", "load", "pageshow", "submit"].forEach(function (name) {
      window.addEventListener(name, listen, true);
    });
  }

  // A prerendered page is not a visit until it is shown.
  var shown = document.prerendering
    ? new Promise(function (resolve) {
        document.addEventListener("prerenderingchange", resolve, { once: true });
      })
    : Promise.resolve();

  var ready = shown
    .then(function () {
      var bytes = fetch(folder + "__CAPTURE_WASM__");
      bytes.catch(function () {});
      return import(folder + "__CAPTURE_JS__").then(function (loaded) {
        return loaded.default({ module_or_path: bytes }).then(function () {
          module = loaded;
          module.start(script, folder, href, referrer, landedAt);
          waiting.splice(0).forEach(function (item) {
            module[item[0]].apply(null, item[1]);
          });
          document.dispatchEvent(new CustomEvent("throughline:ready"));
          return api;
        });
      });
    });
  // A page that cannot run the module must not see an unhandled rejection of ours.
  ready.catch(function (error) {
    if (script.hasAttribute("data-debug")) console.warn("throughline: the module did not start.", error);
  });

  var api = {
    ready: ready,
    get: function () {
      return module ? module.get() : null;
    },
    consent: function (answers) {
      call("consent_command", ["site", answers]);
    },
    fill: function (root) {
      call("fill", [root]);
    },
    forget: function () {
      call("forget", []);
    },
    lead: function (form) {
      return ready.then(function () {
        return module.lead(form);
      });
    },
    explain: function () {
      return module ? module.explain() : ["The module is not loaded yet."];
    },
    on: function (name, hear) {
      document.addEventListener("throughline:" + name, function (event) {
        hear(event.detail);
      });
    },
  };
  window.throughline = Object.freeze(api);
})(window, document);
