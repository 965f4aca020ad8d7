// A consent tool of the smallest kind around the IAB's own implementation: it keeps the visitor's answer as a TC string
// in a cookie, as the framework wants it, and shows no window.
import { CmpApi } from "@iabtcf/cmpapi";
import { GVL, TCModel, TCString } from "@iabtcf/core";

const list = {
  gvlSpecificationVersion: 3,
  vendorListVersion: 1,
  tcfPolicyVersion: 4,
  lastUpdated: "2026-01-01T00:00:00Z",
  purposes: Object.fromEntries([...Array(11).keys()].map((at) => [at + 1, { id: at + 1, name: `Purpose ${at + 1}` }])),
  specialPurposes: {},
  features: {},
  specialFeatures: {},
  stacks: {},
  vendors: { 755: { id: 755, name: "Google", purposes: [1, 3, 4, 7], legIntPurposes: [], flexiblePurposes: [], specialPurposes: [], features: [], specialFeatures: [] } },
};

function encoded(purposes, vendors) {
  const model = new TCModel(new GVL(list));
  model.cmpId = 31;
  model.cmpVersion = 1;
  model.isServiceSpecific = true;
  model.purposeConsents.set(purposes);
  model.vendorConsents.set(vendors);
  return TCString.encode(model);
}

const api = new CmpApi(31, 1, true);
const stored = /(?:^|; )euconsent-v2=([^;]*)/.exec(document.cookie);

window.cmp = {
  api,
  choose(purposes, vendors) {
    const text = encoded(purposes, vendors);
    document.cookie = `euconsent-v2=${text}; path=/; max-age=86400`;
    api.update(text, false);
  },
  ask: () => api.update("", true),
  lawDoesNotApply: () => api.update(null),
};
if (stored) api.update(stored[1], false);
else window.cmp.ask();
