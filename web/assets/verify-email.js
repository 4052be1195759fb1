"use strict";

// The token stands behind the #, which no server and no log ever sees. Opening the page does nothing: mail
// scanners open links too. Only the person's own click sends it.
const form = document.getElementById("form");
const answer = document.getElementById("answer");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

if (!token) {
  form.hidden = true;
  answer.textContent = "This link is not complete. Copy all of it from the mail.";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  answer.textContent = "…";
  try {
    const response = await fetch("/api/verify-email/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, password: form.password.value }),
    });
    const body = await response.json();
    answer.textContent = response.ok ? body.message : body.detail;
    form.hidden = response.ok;
  } catch {
    answer.textContent = "The service can't be reached. Try again.";
  }
});
