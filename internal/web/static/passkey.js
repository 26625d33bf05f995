// Passkeys: buttons with data-passkey="sign-in" or "register". Without this file they stay hidden and the forms do.
//
//   <button type="button" hidden data-passkey="sign-in" data-begin="/…" data-finish="/…" data-next="/…">
//   <button type="button" hidden data-passkey="register" data-begin="/…" data-finish="/…" data-next="/…" data-name="field-id">
//
// data-next is where to go afterwards, data-then a form to send instead of going anywhere; data-says names an element that tells what went wrong (role="alert"), and without
// it one is made after the button. data-name names the field that holds the passkey's name.
(() => {
  'use strict';

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  };
  const text = (buffer) => {
    if (!buffer) return undefined;
    let plain = '';
    for (const b of new Uint8Array(buffer)) plain += String.fromCharCode(b);
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  };
  const named = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));

  const post = async (url, body) => {
    const answer = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.error), { said: said.error });
    return said;
  };

  const create = async (options) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: named(options.excludeCredentials),
      },
    });
    const r = made.response;
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      authenticatorAttachment: made.authenticatorAttachment || undefined,
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(r.clientDataJSON),
        attestationObject: text(r.attestationObject),
        transports: r.getTransports ? r.getTransports() : [],
      },
    };
  };

  const get = async (options) => {
    const shown = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: named(options.allowCredentials),
      },
    });
    const r = shown.response;
    return {
      id: shown.id,
      rawId: text(shown.rawId),
      type: shown.type,
      authenticatorAttachment: shown.authenticatorAttachment || undefined,
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(r.clientDataJSON),
        authenticatorData: text(r.authenticatorData),
        signature: text(r.signature),
        userHandle: text(r.userHandle),
      },
    };
  };

  const tell = (button, words) => {
    let place = button.dataset.says && document.getElementById(button.dataset.says);
    if (!place) {
      let around = button.nextElementSibling;
      if (!around || !around.classList.contains('passkey-says')) {
        around = document.createElement('div');
        around.className = 'f bad passkey-says';
        around.setAttribute('role', 'alert');
        around.append(document.createElement('p'));
        around.firstChild.className = 'hint';
        button.after(around);
      }
      around.hidden = !words;
      place = around.firstChild;
    }
    place.textContent = words;
    place.hidden = !words;
  };

  const run = async (button) => {
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    tell(button, '');
    let messages = {};
    try {
      const begun = await post(button.dataset.begin, {});
      messages = begun.messages;
      const register = button.dataset.passkey === 'register';
      const field = button.dataset.name && document.getElementById(button.dataset.name);
      const credential = await (register ? create(begun.publicKey) : get(begun.publicKey));
      await post(button.dataset.finish, { credential, name: field ? field.value : '' });
      const then = button.dataset.then && document.getElementById(button.dataset.then);
      if (then) then.submit();
      else if (button.dataset.next) location.assign(button.dataset.next);
      else location.reload();
    } catch (err) {
      const why = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known' }[err.name];
      tell(button, err.said || messages[why] || messages.failed || String(err.message));
    } finally {
      button.removeAttribute('aria-busy');
    }
  };

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('[data-passkey]');
    if (!button) return;
    event.preventDefault();
    run(button);
  });
  const show = () => document.querySelectorAll('[data-passkey][hidden]').forEach((b) => { b.hidden = false; });
  show();
  document.addEventListener('DOMContentLoaded', show);
  document.addEventListener('htmx:load', show); // fragments that arrive later
  document.addEventListener('htmx:after:swap', show);
})();
