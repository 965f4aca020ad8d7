// Shopify's Customer Privacy API (https://shopify.dev/docs/api/customer-privacy). `marketingAllowed()` is also true where
// the law asks for no consent, so the visitor's own word is looked at. Who objects to the sale of data agrees to
// remembering the click and not to handing it on. The API is the shop's to load: we request nothing.
import { follow } from "./reading/moments.js";
import { IMPLIED, reader } from "./reading/reader.js";

export default function (tell) {
  const read = reader(tell, () => {
    const tool = window.Shopify && window.Shopify.customerPrivacy;
    if (!tool || typeof tool.marketingAllowed !== "function") return;
    const isGranted = tool.marketingAllowed() === true;
    const choice = typeof tool.currentVisitorConsent === "function" && tool.currentVisitorConsent();
    const word = Object(choice).marketing;
    if (word === "no") return false;
    if (word !== "yes") return isGranted ? IMPLIED : undefined;
    if (!isGranted) return false;
    const isSold = typeof tool.saleOfDataAllowed !== "function" || tool.saleOfDataAllowed() === true;
    return isSold || ["explicit", "granted", "denied", "denied"];
  });
  return follow(read, ["visitorConsentCollected", "shopifyCustomerPrivacyApiLoaded"]);
}
