// The tag that a site owner pastes. It notes at once, in memory only, what would be gone later (the address, the
// referrer, the moment, early consent commands) and starts the download of the module. Afterwards it carries: the
// page's events and inputs in, values and leads out. Every rule lives in the module.
(function (window, document) {
  if (window.throughline) return;
  var script = document.currentScript;
  if (!script || !script.src) return;
  var href = location.href, referrer = document.referrer, landedAt = Date.now();
  var folder = new URL(".", script.src).href;
  var collector = folder;
  try {
    collector = new URL((script.getAttribute("data-collector") || folder).replace(/\/?$/, "/"), location).href;
  } catch (error) {
    // An unreadable address is no reason to break the page.
  }
  var waiting = [], module;

  // At once, or as soon as the module is there.
  function soon(work) {
    if (module) work();
    else waiting.push(work);
  }

  // Pages hand in selectors and jQuery objects too, which the module could not ask anything.
  function isElement(thing) {
    return thing instanceof Element;
  }

  function tell(name, detail) {
    document.dispatchEvent(new CustomEvent("throughline:" + name, { detail: detail }));
  }

  function command(kind, answers) {
    var words = [kind, answers.ad_storage, answers.ad_user_data, answers.ad_personalization].join();
    soon(function () {
      changed(module.consent_command(words));
    });
  }
  function changed(consent) {
    if (!consent) return;
    if (consent === "granted") fill(document);
    else takeBack();
    tell("change", { consent: consent });
  }

  // Written as a visitor's typing would be: through the prototype's setter, because React puts one of its own on each
  // input, which would swallow the change (https://github.com/facebook/react/issues/11488), followed by the events.
  // `autocomplete=off` keeps Firefox from putting the value back after a reload, when consent may be gone
  // (https://developer.mozilla.org/docs/Web/HTML/Attributes/autocomplete).
  // Each input that we wrote to: the text that stood there first, which may be the only hint of what it wants, and
  // what we wrote. A form that the page takes out may come back, so inputs are let go only where they are very many.
  var filled = new Map();
  var setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  function write(input, value) {
    input.setAttribute("autocomplete", "off");
    setter.call(input, value);
    ["input", "change"].forEach(function (name) {
      input.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
    });
  }
  function fill(root, isSubmitting) {
    var fields = module.fields(isSubmitting);
    if (!fields) return;
    if (filled.size > 999) {
      filled.forEach(function (_, input) {
        if (!input.isConnected) filled.delete(input);
      });
    }
    root.querySelectorAll(fields).forEach(function (input) {
      var present = input.value, known = filled.get(input);
      var isOurs = !!known && known.written === present;
      var found = isOurs ? known.found : present;
      var value = module.value_for(input, input.form, found, isOurs, isSubmitting);
      if (value === undefined || value === present) return;
      filled.set(input, { found: found, written: value });
      write(input, value);
    });
  }
  // What the module has forgotten, the fields forget, where they still hold what we wrote.
  function takeBack() {
    filled.forEach(function (known, input) {
      if (!known.written || input.value !== known.written) return;
      known.written = "";
      write(input, "");
    });
  }

  // Google Consent Mode: every command is an Arguments object in `dataLayer`; a plain array is not a command
  // (https://developers.google.com/tag-platform/security/guides/consent). A page may replace the array, so it is
  // looked at again wherever a decision is near.
  var layer;
  function note(entry) {
    if (Object.prototype.toString.call(entry) === "[object Arguments]" && entry[0] === "consent") {
      command(entry[1], entry[2] || {});
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

  // Hands a lead to the collector and never delays the form: `keepalive` lets the request outlive the page, and a
  // text body needs no preflight (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). The page's path
  // and query may hold visitor data, so they stay out of `Referer`.
  function send(body) {
    var leadId = JSON.parse(body).lead_id;
    function end(state, code) {
      tell("lead", { lead_id: leadId, state: state, code: code });
      if (code !== undefined) throw new Error("throughline: lead " + state + " " + code);
      return leadId;
    }
    return fetch(collector + "v1/leads", {
      method: "POST",
      body: body,
      keepalive: true,
      credentials: "omit",
      referrerPolicy: "strict-origin",
    }).then(
      function (response) {
        if (response.ok) return end(response.status === 201 ? "stored" : "repeated");
        return response.json().catch(Object).then(function (problem) {
          return end("refused", String(problem.code || response.status));
        });
      },
      function () {
        return end("unreachable", "");
      },
    );
  }
  function submitting(event) {
    var form = event.target, isFilled = false;
    if (!isElement(form)) return;
    module.submitting(form);
    fill(form, true);
    filled.forEach(function (known, input) {
      if (known.written && input.form === form) isFilled = true;
    });
    var body = module.submitted(form, isFilled);
    if (body) send(body).catch(function () {});
  }

  // Fields may come late. One pass per frame is enough, however often the page changes. The observer stands on
  // the document, because some routers replace the body.
  function watch() {
    var isDue;
    function pass() {
      isDue = false;
      fill(document);
    }
    new MutationObserver(function () {
      if (!isDue) isDue = requestAnimationFrame(pass);
    }).observe(document, { childList: true, subtree: true });
    window.addEventListener("pageshow", pass);
    window.addEventListener("submit", submitting, true);
  }

  // A page that is prerendered is not a visit until it is shown.
  var shown = document.prerendering
    ? new Promise(function (resolve) {
        document.addEventListener("prerenderingchange", resolve, { once: true });
      })
    : Promise.resolve();

  // Starts the module as WebAssembly, or the same code as plain JavaScript where the page's policy, the browser or the
  // network refuses that. The probe is the smallest module there is: compiling it downloads nothing.
  var engine = script.getAttribute("data-engine");
  async function load() {
    var parts;
    if (engine !== "js") {
      try {
        new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        parts = await Promise.all([
          WebAssembly.compileStreaming(
            fetch(folder + "__CAPTURE_WASM__", { integrity: "__CAPTURE_WASM_INTEGRITY__" }),
          ),
          import(folder + "__CAPTURE_JS__"),
        ]);
        await parts[1].default(parts[0]);
        return parts[1];
      } catch (error) {
        if (engine === "wasm") throw error;
      }
    }
    parts = await import(folder + "__CAPTURE_FALLBACK__");
    await parts.default();
    return parts;
  }

  var ready = shown.then(load).then(function (loaded) {
    module = loaded;
    changed(module.start(document, script, href, referrer, landedAt));
    watch();
    waiting.forEach(soon);
    tell("ready");
    return api;
  });
  // A page that cannot run the module must not see an unhandled rejection of ours.
  ready.catch(function (error) {
    if (script.hasAttribute("data-debug")) console.warn("throughline: the module did not start.", error);
  });

  var mode = script.getAttribute("data-consent");
  if (mode !== "manual" && mode !== "not-required") {
    listen();
    ["DOMContentLoaded", "load", "pageshow", "submit"].forEach(function (name) {
      window.addEventListener(name, listen, true);
    });
  }

  var api = {
    ready: ready,
    get: function () {
      return module ? JSON.parse(module.get() || null) : null;
    },
    consent: function (answers) {
      command("site", answers || {});
    },
    fill: function (root) {
      soon(function () {
        fill(isElement(root) ? root : document);
      });
    },
    forget: function () {
      soon(function () {
        module.forget();
        takeBack();
      });
    },
    lead: function (form) {
      if (!isElement(form)) form = undefined;
      return ready.then(function () {
        module.submitting(form);
        fill(form || document);
        var body = module.lead(form);
        if (!body) throw new Error("throughline: no lead before consent");
        return send(body);
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
