/* A chart as a picture of its own: SVG that carries its styles, with a title and where it comes from, and PNG made of it. */
import { t } from "../i18n";
import { errorWords, Menu, toast } from "../ui";

const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity",
    "font-family", "font-size", "font-weight", "text-anchor", "direction", "visibility", "display"];
const NS = "http://www.w3.org/2000/svg";

/* The styles are read while the page is light: a picture goes onto paper. */
function inLight<T>(run: () => T): T {
    const root = document.documentElement;
    const before = root.dataset.theme!;
    root.dataset.theme = "light";
    try {
        return run();
    } finally {
        root.dataset.theme = before;
    }
}

function keepStyles(from: Element, to: Element): void {
    const style = getComputedStyle(from);
    for (const name of KEPT) {
        const value = style.getPropertyValue(name);
        if (value && !(name === "font-family" && !from.matches("svg"))) {
            to.setAttribute(name, value);
        }
    }
    ["class", "style", "tabindex", "href", "data-voice", "role"].forEach((name) => to.removeAttribute(name));
    [...from.children].forEach((child, i) => keepStyles(child, to.children[i]!));
}

/* A link leads nowhere from a picture. */
function unlinked(root: Element): void {
    for (const link of [...root.querySelectorAll("a")]) {
        const group = document.createElementNS(NS, "g");
        group.append(...link.childNodes);
        for (const { name, value } of [...link.attributes]) {
            group.setAttribute(name, value);
        }
        link.replaceWith(group);
    }
}

function line(words: string, x: number, y: number, size: number, weight: string, fill: string, rtl: boolean): SVGTextElement {
    const text = document.createElementNS(NS, "text");
    const values = { x: String(x), y: String(y), "font-size": String(size), "font-weight": weight, fill, direction: rtl ? "rtl" : "ltr", "text-anchor": "start" };
    Object.entries(values).forEach(([name, value]) => text.setAttribute(name, value));
    text.textContent = words;
    return text;
}

export interface Picture {
    title: string;
    source: string;
    /* Without an ending. */
    name: string;
}

/* The drawing as a file by itself; `width` and `height` are those of the picture. */
function svgOf(svg: SVGSVGElement, { title, source }: Picture): { text: string; width: number; height: number } {
    const pad = 20;
    const head = 34;
    const foot = 30;
    const [inner, tall] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
    const [width, height] = [Math.max(420, inner) + 2 * pad, tall + head + foot + 2 * pad];
    const rtl = document.documentElement.dir === "rtl";
    return inLight(() => {
        const copy = svg.cloneNode(true) as SVGSVGElement;
        keepStyles(svg, copy);
        unlinked(copy);
        const ink = getComputedStyle(document.documentElement);
        const out = document.createElementNS(NS, "svg");
        const values = { xmlns: NS, width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}`, "font-family": getComputedStyle(document.body).fontFamily, lang: document.documentElement.lang };
        Object.entries(values).forEach(([name, value]) => out.setAttribute(name, value));
        const name = document.createElementNS(NS, "title");
        name.textContent = title;
        const paper = document.createElementNS(NS, "rect");
        Object.entries({ width: String(width), height: String(height), fill: "#ffffff" }).forEach(([key, value]) => paper.setAttribute(key, value));
        ["role", "aria-label"].forEach((key) => copy.removeAttribute(key));
        copy.setAttribute("x", String(pad));
        copy.setAttribute("y", String(pad + head));
        copy.setAttribute("width", String(inner));
        copy.setAttribute("height", String(tall));
        const x = rtl ? width - pad : pad;
        out.append(name, paper, line(title, x, pad + 16, 17, "600", ink.getPropertyValue("--ink").trim(), rtl), copy,
            line(source, x, height - pad, 11.5, "400", ink.getPropertyValue("--quiet").trim(), rtl));
        return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(out)}\n`, width, height };
    });
}

export function saveFile(blob: Blob, name: string): void {
    const address = URL.createObjectURL(blob);
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
}

function saveSvg(svg: SVGSVGElement, picture: Picture): void {
    saveFile(new Blob([svgOf(svg, picture).text], { type: "image/svg+xml" }), picture.name + ".svg");
}

async function savePng(svg: SVGSVGElement, picture: Picture): Promise<void> {
    const { text, width, height } = svgOf(svg, picture);
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(2, 8000 / width, 8000 / height);
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => blob && saveFile(blob, picture.name + ".png"), "image/png");
}

/* The button beside a chart; `find` gives the drawing that stands. */
export function SaveChart({ find, picture }: { find: () => SVGSVGElement | null; picture: () => Picture }) {
    const run = (save: (svg: SVGSVGElement, picture: Picture) => void | Promise<void>) => () => {
        const svg = find();
        if (svg) {
            void Promise.resolve(save(svg, picture())).catch((error: unknown) => toast(errorWords(error), { wrong: true }));
        }
    };
    return <Menu label={t("chart_save")} icon="download" align="end" buttonClass="icon-button" sections={[{ title: t("chart_save"), items: [{ label: t("chart_save_svg"), run: run(saveSvg) }, { label: t("chart_save_png"), run: run(savePng) }] }]} />;
}
