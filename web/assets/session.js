// What the pages share: the signed-in user, the way back, and the requests.
//
// Every fetch keeps its default mode: with "same-origin", and our pages' Referrer-Policy, a browser would send
// "Origin: null", which is not ours.

export function post(path, body, headers = {}) {
  const options = { method: "POST", headers };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json", ...headers };
  }
  return fetch(path, options);
}

// Returns {id, username} of the account that this browser is signed in to, or null. It needs a token that has not expired:
// see renewSession().
export async function signedInUser() {
  const response = await fetch("/api/whoami/");
  if (!response.ok) throw new Error("whoami failed");
  return (await response.json()).user;
}

// Renews the cookies of this browser's session. Returns false if there is no session.
export async function renewSession() {
  const response = await post("/api/token/refresh/", undefined, { "X-Session-Mode": "cookie" });
  return response.status === 200;
}

// Ends this browser's session. Returns false if the service did not.
export async function endSession() {
  let response = await post("/api/logout/");
  // The access cookie may be gone while the session lives.
  if (response.status === 401 && (await renewSession())) response = await post("/api/logout/");
  return response.ok || response.status === 401;
}

// Returns what follows "#return_to=" in the address, without decoding it, and whether "switch" comes before it, which
// asks for another account. The address bar forgets both; a reload finds them in the history.
export function takeAddress() {
  const [, wantsSwitch, rest] = /^#(switch(?:&|$))?(.*)$/.exec(location.hash) ?? [];
  const mark = "return_to=";
  const taken = {
    returnTo: rest?.startsWith(mark) ? rest.slice(mark.length) : (history.state?.returnTo ?? ""),
    wantsSwitch: Boolean(wantsSwitch ?? history.state?.wantsSwitch),
  };
  history.replaceState(taken, "", location.pathname);
  return taken;
}

// Returns where somebody may be sent back to. The service alone decides that: its answer is followed, and no address that
// was made here.
export async function wayBack(returnTo) {
  if (!returnTo) return "/";
  const response = await fetch(`/api/return/?to=${encodeURIComponent(returnTo)}`);
  if (!response.ok) throw new Error("no way back");
  return (await response.json()).url;
}

// Returns the address of the page for signing in, which decides itself whether it follows `returnTo`.
export function signInPage(returnTo) {
  return returnTo ? `/sign-in/#return_to=${returnTo}` : "/sign-in/";
}
