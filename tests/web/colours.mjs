// Measures the colours of web/src/styles/1-tokens.css, light and dark: WCAG contrast of what is written or drawn on what,
// and how far the voices' colours are apart (in OKLab) for who sees all colours and for who sees without red, green or
// blue cones (Machado, Oliveira, Fernandes 2009).
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const css = fs.readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), "../../web/src/styles/1-tokens.css"), "utf8");
const blocks = css.split("}\n").map((block) => Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]))).filter((b) => b.paper);
const [light, dark] = blocks;

const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const rgb = (hex) => hex.slice(1).match(/../g).map((two) => linear(parseInt(two, 16) / 255));
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a, b) => {
    const [low, high] = [luminance(rgb(a)), luminance(rgb(b))].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
};
const CONES = {
    "all cones": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "no red cones": [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    "no green cones": [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    "no blue cones": [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
const seen = (colour, m) => [0, 1, 2].map((i) => Math.min(1, Math.max(0, m[3 * i] * colour[0] + m[3 * i + 1] * colour[1] + m[3 * i + 2] * colour[2])));
const oklab = ([r, g, b]) => {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
};
const APART = 0.09;

// [what is written, on what]: 4.5; [what is drawn, on what]: 3.
const grounds = ["paper", "sheet", "raised"];
const texts = ["ink", "quiet", "accent", "danger", "good", "warn", "killed", "injured", "casualties", "missing", "detained", "displaced", "disputed"];
const written = [
    ...texts.flatMap((text) => grounds.map((ground) => [text, ground])),
    ["ink", "sunk"], ["quiet", "sunk"], ["accent-ink", "accent"], ["paper", "ink"], ["paper", "danger"], ["accent", "accent-soft"], ["danger", "danger-soft"],
    ["good", "good-soft"], ["warn", "warn-soft"], ["ink", "accent-soft"],
    ...["highlight", "highlight-now", "same", "changed", "added", "dropped", "code"].map((ground) => ["ink", ground]), ["map-ink", "land"], ["map-ink", "water"],
];
const voices = Array.from({ length: 8 }, (_, i) => `voice-${i + 1}`);
const drawn = ["field", "focus", "voice-more", ...voices].flatMap((sign) => grounds.map((ground) => [sign, ground]));

let passed = 0;
let failed = 0;
function check(holds, words) {
    if (holds) {
        passed++;
    } else {
        failed++;
        console.log(`FAIL ${words}`);
    }
}
for (const [name, tokens] of [["light", light], ["dark", dark]]) {
    for (const [pairs, least] of [[written, 4.5], [drawn, 3]]) {
        for (const [front, back] of pairs) {
            const found = contrast(tokens[front], tokens[back]);
            check(found >= least, `${name}: ${front} on ${back}: ${found.toFixed(2)}, not ${least}`);
        }
    }
    for (const [cones, matrix] of Object.entries(CONES)) {
        const colours = voices.map((voice) => oklab(seen(rgb(tokens[voice]), matrix)));
        let least = Infinity;
        let between = "";
        colours.forEach((a, i) => colours.slice(0, i).forEach((b, j) => {
            const distance = Math.hypot(...a.map((v, k) => v - b[k]));
            if (distance < least) {
                [least, between] = [distance, `${voices[j]} and ${voices[i]}`];
            }
        }));
        check(least >= APART, `${name}, ${cones}: ${between} are ${least.toFixed(3)} apart`);
        console.log(`${name}, ${cones}: the nearest voices are ${least.toFixed(3)} apart (${between})`);
    }
}
check(blocks.length === 2, "the colours stand once, light and dark");
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
