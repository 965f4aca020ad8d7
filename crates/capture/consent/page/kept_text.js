// The IAB's interfaces answer from the page's memory, which is old in a page that comes back from the back/forward
// cache and in a tab beside the one where the visitor chose. The text that they hand out with an answer (the TC string,
// the GPP string) is kept on the device by the tool; once it has been seen there and is there no more, the answer is
// another one by now, and nobody in this page knows which.
export function keptText() {
  let known, wasSeen;
  function stands() {
    return document.cookie.includes(known) || Object.values(localStorage).some((text) => text.includes(known));
  }
  return {
    // The text that came with the newest answer.
    follow(text) {
      if (text !== known) wasSeen = false;
      known = text;
      wasSeen = wasSeen || (known && stands());
    },
    isGone() {
      const isThere = known && stands();
      wasSeen = wasSeen || isThere;
      return wasSeen && !isThere;
    },
  };
}
