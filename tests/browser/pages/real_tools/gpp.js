// A consent tool of the smallest kind around the IAB's own implementation, for a visitor in the USA: it keeps what the
// visitor chose as a GPP string in a cookie, and shows no window.
import { CmpApi, SignalStatus } from "@iabgpp/cmpapi";

const USNAT = 7;
const api = new CmpApi(31, 1);
api.setApplicableSections([USNAT]);
const stored = /(?:^|; )gpp=([^;]*)/.exec(document.cookie);

window.cmp = {
  api,
  // 0: the question does not apply; 1: objected; 2: did not object.
  choose(sharingOptOut) {
    api.setSignalStatus(SignalStatus.NOT_READY);
    api.setFieldValue("usnat", "SaleOptOut", 2);
    api.setFieldValue("usnat", "SharingOptOut", sharingOptOut);
    api.setFieldValue("usnat", "TargetedAdvertisingOptOut", 2);
    api.fireSectionChange("usnat");
    document.cookie = `gpp=${api.getGppString()}; path=/; max-age=86400`;
    api.setSignalStatus(SignalStatus.READY);
  },
};
if (stored) {
  api.setGppString(stored[1]);
  api.setSignalStatus(SignalStatus.READY);
}
