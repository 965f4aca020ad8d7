// The decoded text of the first cookie with this name, given as a text or a pattern; `null` when there is none.
export function cookie(name) {
  for (const pair of document.cookie.split("; ")) {
    const end = pair.indexOf("="), found = pair.slice(0, end);
    if (end > 0 && (name.test ? name.test(found) : name === found)) return decoded(pair.slice(end + 1));
  }
  return null;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return text;
  }
}

// A JSON object, or an empty one where the text is none: what it does not say is then not granted.
export function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    return {};
  }
}
