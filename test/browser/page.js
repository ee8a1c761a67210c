// What a person sees of a page and can do with it. part is the heading of the
// form or section that is meant; empty: the page.
(part) => {
  const plain = (s) => (s || "").replace(/\s+/g, " ").trim();
  const words = (e) => {
    const copy = e.cloneNode(true), copies = [...copy.querySelectorAll("*")];
    const silent = (x) => x.matches("[aria-hidden=true], .opt-l") || getComputedStyle(x).display === "none";
    [...e.querySelectorAll("*")].forEach((x, i) => { if (silent(x)) copies[i].remove(); });
    return plain(copy.textContent);
  };
  const seen = (e) => e.checkVisibility({ visibilityProperty: true });
  const headed = (e) => e.getAttribute("aria-label") === part || (e.getAttribute("aria-labelledby") || "").split(" ").some((id) => {
    const h = document.getElementById(id);
    return h && plain(h.textContent) === part;
  });
  const root = () => {
    if (!part) return document.body;
    const found = [...document.querySelectorAll("[aria-labelledby], [aria-label]")].find((e) => headed(e) && seen(e));
    if (!found) throw new Error(`no part of the page is headed "${part}"`);
    return found;
  };
  // The one whose words are these, else the one whose words begin with them.
  const one = (list, words, text) => {
    const rank = (test) => list.filter((e) => test(words(e)));
    for (const found of [rank((w) => w === text), rank((w) => w.startsWith(text))]) {
      if (found.length === 1) return found[0];
      if (found.length > 1) throw new Error(`there are ${found.length} of "${text}"`);
    }
    throw new Error(`there is no "${text}" but ${list.map(words).join(" | ")}`);
  };
  const field = (label) => {
    const labels = [...root().querySelectorAll("label")].filter((l) => l.control && seen(l.control));
    return one(labels, (l) => words(l.querySelector("b") || l), label).control;
  };
  const place = (e) => {
    e.scrollIntoView({ block: "center", behavior: "instant" });
    const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2;
    const top = document.elementFromPoint(x, y);
    if (!top || !(e.contains(top) || top.contains(e))) throw new Error(`"${words(e)}" is covered by ${top && top.outerHTML.slice(0, 120)}`);
    return { x, y, leaves: false };
  };
  return {
    text: () => plain(root().innerText),
    // Where to click on what can be clicked, and whether that leads to another page.
    target: (text) => {
      // What an open menu offers comes first.
      const all = [...root().querySelectorAll("a[href], button, summary")].filter(seen), open = all.filter((e) => e.closest("details[open] .pop"));
      const e = one(open.some((e) => words(e).startsWith(text)) ? open : all, words, text), at = place(e);
      at.leaves = e.matches("a") ? !e.getAttribute("href").startsWith("#") : e.matches("button") && e.type === "submit" && !!e.form;
      if (at.leaves) window.left = true;
      return at;
    },
    field: (label) => place(field(label)),
    select: (label) => { const f = field(label); f.focus(); f.select && f.select(); },
    choose: (label, option) => {
      const f = field(label);
      f.value = one([...f.options], (o) => plain(o.textContent), option).value;
      f.dispatchEvent(new Event("change", { bubbles: true }));
    },
    focus: () => { const f = document.activeElement; return f.name || words(f); },
    value: (label) => { const f = field(label); return f.type === "checkbox" || f.type === "radio" ? String(f.checked) : f.value; },
  };
}
