// Comfort for pages that work without it: menus that close, presets, counters.
(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  root.classList.add("js");
  const all = (sel, from = doc) => [...from.querySelectorAll(sel)];
  const on = (type, sel, fn) => doc.addEventListener(type, (e) => {
    const el = e.target.closest && e.target.closest(sel);
    if (el) fn(el, e);
  });
  const fill = (text, ...values) => values.reduce((t, v) => t.replace(/%[ds]/, () => v), text);
  const words = (list) => (list || "").split(/[\s,]+/).filter(Boolean);

  // Menus: Escape, a click outside and walking on close them.
  const closeMenus = (except) => all("details.menu[open]").forEach((m) => {
    if (!m.contains(except)) m.open = false;
  });
  doc.addEventListener("click", (e) => closeMenus(e.target));
  doc.addEventListener("focusin", (e) => closeMenus(e.target));
  doc.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    const menu = doc.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // The accent colour, as it will be.
  const hue = new CSSStyleSheet();
  doc.addEventListener("input", (e) => {
    if (!e.target.matches("[data-hue]")) return;
    hue.replaceSync(`:root { --accent-h: ${Number(e.target.value)} }`);
    doc.adoptedStyleSheets = [hue];
  });

  // Permissions: presets, what needs what, and the count.
  const boxes = (perms) => all("input[name=perm]", perms);
  const named = (box) => (box.closest("label").querySelector("b") || box.closest("label")).textContent.trim();
  const settle = (perms) => {
    const ticked = boxes(perms).filter((b) => b.checked).map((b) => b.value);
    all("[data-preset][aria-pressed]", perms).forEach((button) => {
      const preset = words(button.dataset.preset);
      const same = preset.length === ticked.length && preset.every((v) => ticked.includes(v));
      button.setAttribute("aria-pressed", same);
    });
    changes(perms);
    all("[data-count]", perms.closest("form") || perms).forEach((el) => {
      el.textContent = fill(el.dataset.count, ticked.length, boxes(perms).length);
    });
  };
  // What saving would change, against what was held when the page was drawn.
  const changes = (perms) => {
    const el = perms.querySelector("[data-before]");
    if (!el) return;
    const before = words(el.dataset.before);
    const names = (list) => list.map(named).join(", ");
    const adds = boxes(perms).filter((b) => b.checked && !before.includes(b.value));
    const takes = boxes(perms).filter((b) => !b.checked && before.includes(b.value));
    el.textContent = [[adds, el.dataset.adds], [takes, el.dataset.takes]].filter(([list]) => list.length)
      .map(([list, text]) => fill(text, names(list))).join(" ");
  };
  const follow = (perms, box) => {
    const also = [];
    const walk = (b) => boxes(perms).forEach((o) => {
      const tied = box.checked ? words(b.dataset.needs).includes(o.value) : words(o.dataset.needs).includes(b.value);
      if (!tied || o.checked === box.checked || o.disabled) return;
      o.checked = box.checked;
      also.push(named(o));
      walk(o);
    });
    walk(box);
    const say = perms.querySelector("[data-also]");
    if (!say) return;
    const text = box.checked ? say.dataset.also : say.dataset.alsoNot;
    say.textContent = also.length ? fill(text, also.join(", ")) : "";
  };
  on("change", "[data-perms] input[name=perm]", (box) => {
    const perms = box.closest("[data-perms]");
    follow(perms, box);
    settle(perms);
  });
  on("click", "[data-perms] [data-preset]", (button) => {
    const perms = button.closest("[data-perms]"), preset = words(button.dataset.preset);
    boxes(perms).forEach((b) => { if (!b.disabled) b.checked = preset.includes(b.value); });
    all("[data-also]", perms).forEach((el) => { el.textContent = ""; });
    settle(perms);
  });

  // An address is drawn anew for another country, with what was typed.
  let redrawing;
  on("change", "[data-redraw] [name=country]", async (select) => {
    const part = select.closest("[data-redraw]"), body = new URLSearchParams(new FormData(select.form));
    body.set("do", "country");
    if (redrawing) redrawing.abort();
    const mine = redrawing = new AbortController();
    try {
      const answer = await fetch(select.form.action, { method: "POST", body, signal: mine.signal });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (!answer.ok || answer.redirected || !fresh) throw new Error(answer.status);
      all("input", part).forEach((typed) => all(`input[name=${typed.name}]`, fresh).forEach((el) => { el.value = typed.value; }));
      part.replaceWith(fresh);
      fresh.querySelector("[name=country]").focus();
    } catch {
      if (!mine.signal.aborted) select.form.requestSubmit(part.querySelector("[name=do]"));
    }
  });

  // Characters left; spoken only when they run out.
  const count = (area) => {
    const el = doc.getElementById(area.id + "-count");
    if (!el) return;
    const left = area.dataset.max - [...area.value].length;
    el.setAttribute("aria-live", left < 20 ? "polite" : "off");
    el.classList.toggle("err", left < 0);
    el.textContent = (left < 0 ? el.dataset.over : el.dataset.left).replace("#", Math.abs(left));
  };
  on("input", "[data-max]", count);

  // Passwords can be looked at until they are sent.
  const show = (button, shown) => {
    doc.getElementById(button.dataset.show).type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  };
  on("click", "[data-show]", (button) => show(button, button.getAttribute("aria-pressed") !== "true"));

  // Passkeys: when such a form is sent, the browser first asks an authenticator,
  // and puts what it says into the form.
  const unpack = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const pack = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const authenticate = async (form) => {
    const publicKey = JSON.parse(form.dataset.passkey), creates = "create" in form.dataset;
    publicKey.challenge = unpack(publicKey.challenge);
    [publicKey.allowCredentials, publicKey.excludeCredentials].forEach((list) => (list || []).forEach((c) => { c.id = unpack(c.id); }));
    if (creates) publicKey.user.id = unpack(publicKey.user.id);
    const key = await navigator.credentials[creates ? "create" : "get"]({ publicKey });
    const said = { id: key.id, rawId: pack(key.rawId), type: key.type, clientExtensionResults: {}, response: {} };
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (key.response[name]) said.response[name] = pack(key.response[name]);
    });
    if (key.response.getTransports) said.response.transports = key.response.getTransports();
    return JSON.stringify(said);
  };
  doc.addEventListener("submit", async (e) => {
    const form = e.target, said = form.dataset, answer = form.elements.answer;
    if (!said.passkey || answer.value) return;
    e.preventDefault();
    const say = form.querySelector("[data-said]");
    if (!window.PublicKeyCredential) return say.textContent = said.lacking;
    if (say.textContent === said.wait) return;
    say.textContent = said.wait;
    try {
      answer.value = await authenticate(form);
      form.requestSubmit(e.submitter);
    } catch (err) {
      say.textContent = err.name === "InvalidStateError" ? said.known : said.failed;
    }
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted) all("[data-passkey]").forEach((form) => { form.elements.answer.value = form.querySelector("[data-said]").textContent = ""; });
  });

  // A form is sent once. After a moment its button says that it is being sent.
  const labels = new WeakMap();
  const rest = (form) => {
    delete form.dataset.sent;
    all("[aria-busy]", form).forEach((button) => {
      button.removeAttribute("aria-busy");
      if (labels.has(button)) button.replaceChildren(...labels.get(button));
    });
  };
  doc.addEventListener("submit", (e) => {
    const form = e.target, button = e.submitter;
    if (form.method !== "post" || e.defaultPrevented) return;
    if (form.dataset.sent) return e.preventDefault();
    form.dataset.sent = "1";
    all("[data-show]", form).forEach((b) => show(b, false));
    setTimeout(() => {
      if (!button || !form.dataset.sent) return;
      button.setAttribute("aria-busy", "true");
      if (!button.dataset.busy) return;
      labels.set(button, [...button.childNodes]);
      button.textContent = button.dataset.busy;
    }, 150);
    setTimeout(rest, 15000, form);
  });
  addEventListener("pageshow", (e) => { if (e.persisted) all("form[data-sent]").forEach(rest); });

  // Copy a field's value or a list's lines, print, dismiss a message.
  on("click", "[data-copy]", async (button) => {
    const from = doc.getElementById(button.dataset.copy);
    if (from.select) from.select();
    else getSelection().selectAllChildren(from);
    try {
      await navigator.clipboard.writeText("value" in from ? from.value : from.innerText);
    } catch { // not over plain HTTP
      doc.execCommand("copy");
    }
    if (button.dataset.done) button.textContent = button.dataset.done;
  });
  on("click", "[data-print]", () => print());

  // Select User: a combobox over what the server finds, which one chooses by
  // hand. What is chosen is in a hidden field; typing on takes it back.
  const pick = (field) => {
    const input = field.querySelector("input[name=find]"), say = field.querySelector("[data-said]");
    const chosen = Object.assign(doc.createElement("input"), { type: "hidden", name: "user" });
    const before = field.querySelector("[name=user]:checked");
    let list, at, timer, asked;
    const choose = (value, text) => {
      chosen.setAttribute("value", value);
      if (value) input.value = text;
    };
    const mark = (i) => {
      const options = list ? [...list.children] : [];
      at = options.length && i !== undefined ? (i + options.length) % options.length : undefined;
      options.forEach((o, n) => o.setAttribute("aria-selected", n === at));
      if (at === undefined) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    };
    const show = (found) => {
      if (list) list.remove();
      list = found && found.children.length ? found : undefined;
      input.setAttribute("aria-expanded", !!list);
      say.textContent = found ? found.dataset.said : "";
      mark();
      if (!list) return input.removeAttribute("aria-controls");
      list.id = "found";
      [...list.children].forEach((o, n) => { o.id = "found-" + n; });
      input.after(list);
      input.setAttribute("aria-controls", list.id);
    };
    const ask = async () => {
      clearTimeout(timer);
      if (asked) asked.abort();
      const text = input.value.trim(), mine = asked = new AbortController();
      if ([...text].length < 2) return show();
      try {
        const answer = await fetch(field.dataset.pick + "?q=" + encodeURIComponent(text), { signal: mine.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        if (doc.activeElement === input) show(page.querySelector("[role=listbox]"));
      } catch {
        if (mine.signal.aborted) return;
        show();
        say.textContent = field.dataset.failed;
      }
    };
    const take = (option) => {
      choose(option.dataset.value, option.dataset.text);
      show();
    };
    all(".if-plain", field).forEach((el) => el.remove());
    if (before) choose(before.value, before.dataset.text);
    field.append(chosen);
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" }).forEach(([k, v]) => input.setAttribute(k, v));
    input.addEventListener("input", () => {
      choose("");
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    });
    input.addEventListener("keydown", (e) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (step && !list) ask();
      else if (step) mark(at === undefined ? Math.min(step, 0) : at + step);
      else if (e.key === "Enter" && at !== undefined) take(list.children[at]);
      else if (e.key === "Escape" && list) show();
      else if (e.key === "Escape") choose("", input.value = "");
      else return;
      e.preventDefault();
    });
    input.addEventListener("blur", () => show());
    field.addEventListener("mousedown", (e) => {
      const option = e.target.closest("[role=option]");
      if (list && list.contains(e.target)) e.preventDefault(); // the focus stays
      if (option) take(option);
    });
  };
  // A search that follows what one types: the page's own address, asked again, of
  // which the list is taken.
  const live = (form) => {
    const say = form.querySelector("[data-said]");
    let timer, asked;
    all(".if-plain", form).forEach((el) => { el.hidden = true; });
    const ask = async () => {
      clearTimeout(timer);
      if (asked) asked.abort();
      const mine = asked = new AbortController();
      const query = new URLSearchParams([...new FormData(form)].filter(([, v]) => v)).toString();
      const href = form.getAttribute("action") + (query && "?" + query);
      try {
        const answer = await fetch(href, { signal: mine.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.getElementById(form.dataset.live);
        if (!answer.ok || answer.redirected || !found) throw new Error(answer.status);
        doc.getElementById(form.dataset.live).replaceWith(found);
        say.textContent = found.dataset.said;
        history.replaceState(null, "", href);
      } catch {
        if (!mine.signal.aborted) say.textContent = form.dataset.failed;
      }
    };
    ["input", "change"].forEach((type) => form.addEventListener(type, () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 250);
    }));
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      ask();
    });
  };
  on("click", "[data-dismiss]", (button) => {
    button.closest(".note").remove();
    const main = doc.getElementById("main");
    main.tabIndex = -1;
    main.focus();
  });

  doc.addEventListener("DOMContentLoaded", () => {
    all("[data-perms]").forEach(settle);
    all("[data-pick]").forEach(pick);
    all("[data-live]").forEach(live);
    all("[data-max]").forEach(count);
    all("[data-zone]").forEach((el) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      if (el.options ? [...el.options].some((o) => o.value === zone) : !el.value) el.value = zone;
    });
    all(".tabs [aria-current]").forEach((tab) => { // a row that does not fit shows where one is
      tab.parentElement.scrollLeft += tab.getBoundingClientRect().left - tab.parentElement.getBoundingClientRect().left - 40;
    });
    const problem = doc.querySelector("[data-focus]");
    if (problem) problem.focus();
  });
})();
