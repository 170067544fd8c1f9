// The rules of WCAG 2.2 AA that a program can judge, as far as pages without scripts can break them.
// Answers a list of "rule: where"; empty where nothing is wrong.
() => {
  const faults = [];
  const all = (what, inside = document) => [...inside.querySelectorAll(what)];
  const fault = (rule, of) => faults.push(`${rule}: ${(of.outerHTML || String(of)).slice(0, 160)}`);
  const text = (of) => (of ? of.textContent.replace(/\s+/g, " ").trim() : "");
  const byIds = (ids) => ids.split(/\s+/).map((id) => text(document.getElementById(id))).join(" ").trim();
  const name = (of) =>
    (of.getAttribute("aria-label") || "").trim() || (of.hasAttribute("aria-labelledby") ? byIds(of.getAttribute("aria-labelledby")) : "") ||
    [...(of.labels || [])].map(text).join(" ").trim() || text(of) || (of.alt || "").trim();
  const shown = (of) => of.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && of.getClientRects().length > 0;

  if (!document.documentElement.lang) fault("html-has-lang", document.documentElement);
  if (!document.title.trim()) fault("document-title", "no title");
  if (all("main").length !== 1) fault("landmark-one-main", "main");
  if (all("h1").length !== 1) fault("page-has-heading-one", "h1");
  if (!/width=device-width/.test(all("meta[name=viewport]")[0]?.content || "")) fault("meta-viewport", "viewport");
  if (/user-scalable=no|maximum-scale/.test(all("meta[name=viewport]")[0]?.content || "")) fault("meta-viewport", "zoom");

  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) fault("heading-order", heading);
    if (!text(heading)) fault("empty-heading", heading);
    level = own;
  }
  const ids = all("[id]").map((of) => of.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => fault("duplicate-id", id));
  all("a[href^='#']").forEach((of) => document.getElementById(of.hash.slice(1)) || fault("skip-link", of));
  all("a[href], button, summary").forEach((of) => name(of) || fault("name", of));
  all("input:not([type=hidden]), select, textarea").forEach((of) => name(of) || fault("label", of));
  all("img").forEach((of) => of.hasAttribute("alt") || fault("image-alt", of));
  all("svg").forEach((of) => of.getAttribute("aria-hidden") === "true" || name(of) || fault("svg-alt", of));
  all("[aria-hidden=true]").forEach((of) => all("a[href], button, input, select, summary", of).length && fault("aria-hidden-focus", of));
  all("[aria-describedby]").forEach((of) => byIds(of.getAttribute("aria-describedby")) || fault("aria-describedby", of));
  all("[role=region], nav, form[aria-label]").forEach((of) => {
    if (of.tagName !== "FORM" && all("nav").length > 1 && !name(of)) fault("landmark-unique", of);
  });
  const navs = all("nav").map((of) => of.getAttribute("aria-label"));
  navs.filter((label, at) => navs.indexOf(label) !== at).forEach((label) => fault("landmark-unique", label));
  all("table").forEach((of) => {
    if (!of.caption) fault("table-caption", of);
    if (!of.querySelector("th")) fault("table-headers", of);
  });
  all("th").forEach((of) => of.scope || fault("scope", of));
  all("td").forEach((of) => of.headers === undefined && fault("td", of));
  all("ul > *, ol > *").forEach((of) => ["LI", "SCRIPT", "TEMPLATE"].includes(of.tagName) || fault("list", of));
  all("dl > *").forEach((of) => ["DIV", "DT", "DD"].includes(of.tagName) || fault("definition-list", of));
  all("time").forEach((of) => of.dateTime || fault("time", of));
  all("*").forEach((of) => {
    if (!shown(of)) return;
    const style = getComputedStyle(of);
    const scrolls = /auto|scroll/.test(style.overflowX) && of.scrollWidth > of.clientWidth + 1;
    if (scrolls && of.tabIndex < 0 && !all("a[href], button, input", of).length) fault("scrollable-region-focusable", of);
  });

  const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((of) => of / 255).map((of) => (of <= 0.04045 ? of / 12.92 : ((of + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (of) => {
    for (let at = of; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (alpha === 1 && r !== undefined) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const of = node.parentElement;
    if (!node.data.trim() || !shown(of) || of.closest(".unseen, .skip, [aria-hidden=true]")) continue;
    const style = getComputedStyle(of);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const [a, b] = [light(numbers(style.color).slice(0, 3)), light(behind(of))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) fault("color-contrast", of);
    if (size < 12) fault("small-text", of);
  }
  for (const of of all("a[href], button, input:not([type=hidden]), select, summary")) {
    if (!shown(of)) continue;
    const box = of.getBoundingClientRect();
    const inSentence = getComputedStyle(of).display === "inline";
    if (!inSentence && (box.height < 24 || box.width < 24)) fault("target-size", of);
  }
  return faults;
}
