// Every page of the tests loads this first: what the page itself would notice of us.
window.seenErrors = [];
window.seenEvents = [];
window.seenViolations = [];
addEventListener("error", (event) => seenErrors.push(String(event.message)));
addEventListener("unhandledrejection", (event) => seenErrors.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) =>
  seenViolations.push(`${event.effectiveDirective} ${event.blockedURI}`),
);
for (const name of ["ready", "change", "lead"]) {
  document.addEventListener(`throughline:${name}`, (event) => seenEvents.push([name, event.detail]));
}
