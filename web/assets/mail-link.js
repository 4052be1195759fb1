"use strict";

// Serves every page that a mail links to. The form says what it sends: data-path is where to, its fields' names are
// the members, and data-done is what the person reads when the answer has no words of its own.
//
// The token is after the #, which no server and no log ever sees, and leaves the address bar and the history at once. Opening
// the page does nothing, because mail scanners open links too. Only the person's own click sends the token.
const form = document.getElementById("form");
const answer = document.getElementById("answer");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);

if (!token) {
  form.hidden = true;
  answer.textContent = "This link is not complete. Open it from the mail again, or copy all of it.";
}

async function refusal(response) {
  const problem = await response.json();
  const wait = response.headers.get("Retry-After");
  return problem.detail + (wait ? ` Wait for ${wait} seconds.` : "");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  answer.textContent = "…";
  form.querySelector("button").disabled = true; // a second click would find the token spent
  try {
    const response = await fetch(form.dataset.path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, ...Object.fromEntries(new FormData(form)) }),
    });
    if (!response.ok) {
      answer.textContent = await refusal(response);
      return;
    }
    answer.textContent = response.status === 204 ? form.dataset.done : (await response.json()).message;
    form.hidden = true;
  } catch {
    answer.textContent = "The service can't be reached. Try again.";
  } finally {
    form.querySelector("button").disabled = false;
  }
});
