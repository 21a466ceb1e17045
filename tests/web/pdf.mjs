// The words of a PDF that Chromium made, for tests: its pages' texts and sizes. Skia writes each font with a table from
// glyphs to Unicode (ToUnicode), and text as glyph numbers; right-to-left text stands from left to right as it is seen.
import zlib from "node:zlib";

function objectsOf(bytes) {
    const text = bytes.toString("latin1");
    const objects = new Map();
    for (const found of text.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
        const start = found.index + found[0].length;
        const end = text.indexOf("endobj", start);
        const body = text.slice(start, end < 0 ? undefined : end);
        const stream = /stream\r?\n/.exec(body);
        const length = stream && /\/Length (\d+)/.exec(body);
        let content = null;
        if (length) {
            const from = start + stream.index + stream[0].length;
            const raw = bytes.subarray(from, from + Number(length[1]));
            content = /FlateDecode/.test(body.slice(0, stream.index)) ? zlib.inflateSync(raw).toString("latin1") : raw.toString("latin1");
        }
        objects.set(Number(found[1]), { head: stream ? body.slice(0, stream.index) : body, content });
    }
    return objects;
}

const utf16 = (hex) => String.fromCharCode(...hex.match(/.{4}/g).map((unit) => parseInt(unit, 16)));

// Glyph → text, of a ToUnicode table.
function tableOf(map) {
    const table = new Map();
    for (const [, block] of map.matchAll(/beginbfchar\s([\s\S]*?)endbfchar/g)) {
        for (const [, glyph, text] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
            table.set(parseInt(glyph, 16), utf16(text));
        }
    }
    for (const [, block] of map.matchAll(/beginbfrange\s([\s\S]*?)endbfrange/g)) {
        for (const [, first, last, text] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
            for (let glyph = parseInt(first, 16), i = 0; glyph <= parseInt(last, 16); glyph++, i++) {
                table.set(glyph, String.fromCharCode(parseInt(text, 16) + i));
            }
        }
    }
    return table;
}

function fontsOf(objects, head) {
    const fonts = new Map();
    const listed = /\/Font\s*<<([\s\S]*?)>>/.exec(head)?.[1] ?? "";
    for (const [, name, id] of listed.matchAll(/\/(\w+) (\d+) 0 R/g)) {
        const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(Number(id))?.head ?? "")?.[1];
        fonts.set(name, tableOf(objects.get(Number(map))?.content ?? ""));
    }
    return fonts;
}

const referred = (head, name) => [...(new RegExp(`/${name} (?:\\[([^\\]]*)\\]|(\\d+ 0 R))`).exec(head)?.slice(1) ?? [])].filter(Boolean).flatMap((list) => [...list.matchAll(/(\d+) 0 R/g)].map((found) => Number(found[1])));

function textOf(content, fonts) {
    let font = new Map();
    let out = "";
    for (const [, name, hex] of content.matchAll(/\/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\b(?:Td|Tm|ET)\b/g)) {
        if (name) {
            font = fonts.get(name) ?? new Map();
        } else if (hex) {
            out += (hex.match(/.{4}/g) ?? []).map((glyph) => font.get(parseInt(glyph, 16)) ?? "").join("");
        } else {
            out += "\n";
        }
    }
    return out;
}

// [{text, width, height}] of each page, sizes in points.
export function pagesOf(bytes) {
    const objects = objectsOf(bytes);
    return [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head)).map(({ head }) => {
        const resources = referred(head, "Resources")[0];
        const fonts = fontsOf(objects, resources ? objects.get(resources).head : head);
        const [, , width, height] = (/\/MediaBox \[([^\]]*)\]/.exec(head)?.[1] ?? "").trim().split(/\s+/).map(Number);
        return { width, height, text: referred(head, "Contents").map((id) => textOf(objects.get(id)?.content ?? "", fonts)).join("\n") };
    });
}
