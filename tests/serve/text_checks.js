// Checks of web/plain/text.js; `check()` gives the list of what is wrong.
import { CodePoints, paragraphs, segments } from "./text.js";

const failures = [];

function equal(got, expected, what) {
    const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
    if (a !== b) {
        failures.push(`${what}: got ${a}, expected ${b}`);
    }
}

const texts = ["", "abc", "قُتِلَ ١٧ شخصاً", "🕊️🕊️ e\u0301 17 people", "a😀b😀😀c", "😀", "\u{10ffff}x\u{10000}", "👨‍👩‍👧‍👦 family", "مَنْ\u200fقال🕊ماذا"];

// Against the plain way: an array of the code points.
for (const text of texts) {
    const plain = [...text];
    const points = new CodePoints(text);
    equal(points.length, plain.length, `length of ${text}`);
    for (let start = 0; start <= plain.length; start++) {
        for (let end = start; end <= plain.length; end++) {
            equal(points.slice(start, end), plain.slice(start, end).join(""), `slice ${start} ${end} of ${text}`);
        }
    }
    equal(points.slice(-5, 1000), text, `ends of ${text}`);
}

// Segments put together are the text, and each mark covers exactly its own stretch.
let seed = 12345;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
for (let round = 0; round < 300; round++) {
    const text = texts[random(texts.length)] + texts[random(texts.length)];
    const points = new CodePoints(text);
    const marks = Array.from({ length: random(6) }, (unused, name) => {
        const start = random(points.length + 1);
        return { start, end: start + random(points.length + 1 - start), name };
    });
    const pieces = segments(points, marks);
    equal(pieces.map((piece) => piece.text).join(""), text, "segments together");
    for (const mark of marks) {
        const covered = pieces.filter((piece) => piece.marks.includes(mark)).map((piece) => piece.text).join("");
        equal(covered, points.slice(mark.start, mark.end), `mark ${mark.start} ${mark.end} of ${text}`);
    }
}

const lined = new CodePoints("عنوان 🕊\n\nabc\n😀");
equal(paragraphs(lined).map(({ start, end }) => lined.slice(start, end)), ["عنوان 🕊", "", "abc", "😀"], "paragraphs");

export function check() {
    return failures;
}
