// Usercentrics, second version (https://docs.usercentrics.com/#/v2-events). A category is a yes only when every service
// of it is; its Window Event says `null` for a mixed one. The site may choose that event's name: `ucEvent` is the
// usual one, the others are fixed.
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell, site) {
  const slug = site.category || "marketing";
  const read = reader(tell, (isAgain, event) => {
    const tool = window.UC_UI;
    if (!tool || typeof tool.isInitialized !== "function" || tool.isInitialized() !== true) return;
    const told = Object(event && event.detail);
    if (told.event === "consent_status" && isExplicit(told) && told.ucCategory && told.ucCategory[slug] !== true) {
      return false;
    }
    const services = tool.getServicesBaseInfo().filter((service) => service.categorySlug === slug);
    if (!services.length) return;
    const isGranted = services.every((service) => service.consent.status === true);
    const isChosen = services.every((service) => {
      const history = service.consent.history || [];
      return history.length > 0 && isExplicit(history[history.length - 1]);
    });
    if (isChosen) return isGranted;
    return isGranted ? IMPLIED : undefined;
  });
  return follow(read, ["UC_UI_INITIALIZED", "UC_UI_CMP_EVENT", "UC_CONSENT", "ucEvent"]);
}

function isExplicit(entry) {
  return /^explicit$/i.test(entry.type);
}
