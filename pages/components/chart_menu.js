/* A chart's download button asks first: PNG at 1× to 4×, or SVG. Plotly itself makes the picture, with the file name that
   came with the chart; this only sets what it makes before its own button is pressed. */
(() => {
  "use strict";
  const BUTTON = "[data-testid=stPlotlyChart] .modebar-btn";
  const CHOICES = [1, 2, 3, 4].map((scale) => ({ format: "png", scale })).concat({ format: "svg", scale: 1 });
  let menu = null, isChosen = false;

  function words(choice, gd) {
    if (choice.format === "svg") return "SVG 矢量图（放大不模糊）";
    const { width, height } = gd._fullLayout;
    return `PNG ${choice.scale}×（${Math.round(width * choice.scale)} × ${Math.round(height * choice.scale)} 像素）`;
  }

  function isDark(gd) {
    const [red, green, blue] = (getComputedStyle(gd.querySelector(".main-svg")).backgroundColor.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
    return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
  }

  function close(back) {
    if (!menu) return;
    menu.remove();
    menu = null;
    if (back) back.focus?.();
  }

  function make(choice, button, gd) {
    close(button);
    gd._context.toImageButtonOptions = { ...gd._context.toImageButtonOptions, ...choice };
    isChosen = true;
    try { button.click(); } finally { isChosen = false; }
  }

  function open(button, gd) {
    close();
    menu = document.createElement("div");
    menu.className = "aq-chart-menu";
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", "下载图片");
    for (const choice of CHOICES) {
      const item = document.createElement("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.textContent = words(choice, gd);
      item.addEventListener("click", () => make(choice, button, gd));
      menu.append(item);
    }
    if (isDark(gd)) {
      const note = document.createElement("small");
      note.textContent = "图片与屏幕同色；要插入文件，请先在右上角菜单中换为浅色";
      menu.append(note);
    }
    document.body.append(menu);
    const at = button.getBoundingClientRect();
    const left = Math.min(at.right, innerWidth - 8) - menu.offsetWidth;
    const top = at.bottom + 4 + menu.offsetHeight > innerHeight ? at.top - 4 - menu.offsetHeight : at.bottom + 4;
    menu.style.left = `${Math.max(8, left)}px`;
    menu.style.top = `${Math.max(8, Math.min(top, innerHeight - menu.offsetHeight - 8))}px`;
    menu.querySelector("button").focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(BUTTON);
    if (isChosen) return;
    const gd = button?.closest(".js-plotly-plot");
    if (gd?._context) {
      event.stopPropagation();
      event.preventDefault();
      if (menu) close(button); else open(button, gd);
    } else if (menu && !menu.contains(event.target)) close();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!menu) return;
    const items = [...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("wheel", () => close(), { capture: true, passive: true });
})();
