// Tools that announce nothing are looked at again when the jar changes (`cookieStore`, not in every browser) and after
// each click, because a banner is answered by clicking it. The pause lets the tool's own handler come first.
export function onCookieChange(read) {
  if (window.cookieStore && cookieStore.addEventListener) cookieStore.addEventListener("change", read);
  addEventListener("click", () => setTimeout(read), true);
}
