// What is wrong with the page as it is shown, a line for each: contrast below WCAG's AA, controls without a name or too
// small, anything wider than the window, ids that stand twice, text that is cut off.
() => {
  const found = [];
  const visible = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const named = (element) => `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}.${element.className} ${element.textContent.slice(0, 30)}`;
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const parts = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, back) => front.slice(0, 3).map((each, index) => each * front[3] + back[index] * (1 - front[3]));
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parts(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255]);
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((each) => (each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const opacity = (element) => {
    let all = 1;
    for (let at = element; at; at = at.parentElement) all *= Number(getComputedStyle(at).opacity);
    return all;
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !visible(element) || element.closest(".unseen, .skip, :disabled, textarea, option")) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [red, green, blue, alpha] = parts(style.color);
    const [light, dark] = [luminance(over([red, green, blue, alpha * opacity(element)], back)), luminance(back)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < (large ? 3 : 4.5)) found.push(`contrast ${contrast.toFixed(2)}: ${named(element)}`);
  }

  for (const control of document.querySelectorAll("button, input, select, textarea, iframe, a[href]")) {
    if (!visible(control) && control.type !== "radio") continue;
    const name = control.getAttribute("aria-label") ?? control.title ?? "";
    if (!(name || [...(control.labels ?? [])].some((label) => label.textContent.trim()) || control.textContent.trim())) found.push(`no name: ${named(control)}`);
    const { width, height } = (control.type === "radio" ? control.parentElement : control).getBoundingClientRect();
    const inline = control.matches("a") && getComputedStyle(control).display === "inline";
    if (width && !inline && (width < 24 || height < 24)) found.push(`${width} x ${height}: ${named(control)}`);
  }

  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: #${id}`);
  if (document.documentElement.scrollWidth > innerWidth) found.push(`${document.documentElement.scrollWidth} wide, in ${innerWidth}`);
  for (const element of document.querySelectorAll("main *")) {
    if (!visible(element) || element.closest(".unseen, .scroll, iframe")) continue;
    const { left, right } = element.getBoundingClientRect();
    if (right > innerWidth + 1 || left < -1) found.push(`out of the window: ${named(element)}`);
  }
  const headings = [...document.querySelectorAll("h1, h2, h3")].filter(visible).map(({ tagName }) => Number(tagName[1]));
  if (headings[0] !== 1 || headings.some((level, index) => index && level > headings[index - 1] + 1)) found.push(`headings: ${headings}`);
  return found;
}
