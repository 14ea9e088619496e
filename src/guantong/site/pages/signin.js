// Signs in and out through the headless API of allauth; the page works without any other script.
"use strict";
const SESSION = "/_allauth/browser/v1/auth/session";
const LOGIN = "/_allauth/browser/v1/auth/login";

function call(method, url, form, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  return fetch(url, { method, headers, credentials: "same-origin", body: body && JSON.stringify(body) });
}

const signin = document.getElementById("signin");
if (signin) {
  signin.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = document.getElementById("answer");
    answer.textContent = "";
    try {
      const { email, password } = signin.elements;
      const reply = await call("POST", LOGIN, signin, { email: email.value, password: password.value });
      if (reply.ok) location.reload();
      else answer.textContent = reply.status === 400 ? signin.dataset.wrong : signin.dataset.later;
    } catch {
      answer.textContent = signin.dataset.later;
    }
  });
}

const signout = document.getElementById("signout");
if (signout) {
  signout.addEventListener("submit", async (event) => {
    event.preventDefault();
    await call("DELETE", SESSION, signout);
    location.reload();
  });
}
