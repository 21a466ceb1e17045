// Small PNGs: what a browser's screenshot is packed into. Its colours become a palette of at most 256 (exact where it has no
// more; else by median cut over the colours weighted by how often they stand), and its rows are packed by zlib at its best.
// A picture that would lose by it (a mean error of a channel above `worst`) stays in true colour.
import zlib from "node:zlib";

const SIGN = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const TABLE = Int32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) {
        n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    }
    return n;
});

function crc(bytes) {
    let sum = -1;
    for (const byte of bytes) {
        sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
    }
    return (sum ^ -1) >>> 0;
}

function chunk(name, data) {
    const out = Buffer.alloc(data.length + 12);
    out.writeUInt32BE(data.length, 0);
    out.write(name, 4, "latin1");
    data.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, data.length + 8)), data.length + 8);
    return out;
}

function paeth(a, b, c) {
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Undoes the filters of rows; gives the samples.
function unfilter(packed, height, stride, step) {
    const out = Buffer.alloc(height * stride);
    for (let y = 0; y < height; y++) {
        const kind = packed[y * (stride + 1)];
        for (let x = 0; x < stride; x++) {
            const at = y * stride + x;
            const left = x >= step ? out[at - step] : 0;
            const up = y ? out[at - stride] : 0;
            const corner = y && x >= step ? out[at - stride - step] : 0;
            out[at] = packed[y * (stride + 1) + 1 + x] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
        }
    }
    return out;
}

// {width, height, pixels: three bytes each} of a PNG of eight bits a channel: RGB or RGBA, as browsers write them, or a
// palette, as packed() does.
export function decode(bytes) {
    let header;
    let palette;
    const data = [];
    for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
        const name = bytes.toString("latin1", at + 4, at + 8);
        const body = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
        if (name === "IHDR") {
            header = body;
        } else if (name === "PLTE") {
            palette = body;
        } else if (name === "IDAT") {
            data.push(body);
        }
    }
    const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), { 2: 3, 3: 1, 6: 4 }[header[9]]];
    if (header[8] !== 8 || !channels || header[12]) {
        throw new Error("not a PNG as browsers write them");
    }
    const samples = unfilter(zlib.inflateSync(Buffer.concat(data)), height, width * channels, channels);
    const pixels = Buffer.alloc(width * height * 3);
    for (let i = 0; i < width * height; i++) {
        if (palette) {
            palette.copy(pixels, i * 3, samples[i] * 3, samples[i] * 3 + 3);
        } else {
            samples.copy(pixels, i * 3, i * channels, i * channels + 3);
        }
    }
    return { width, height, pixels };
}

const channel = (colour, c) => (colour >> (16 - 8 * c)) & 255;

// Boxes of colours are halved where they are widest, the heaviest first, until there are `most`.
function medianCut(counts, most) {
    const spread = (box) => {
        const widths = [0, 1, 2].map((c) => Math.max(...box.map(([colour]) => channel(colour, c))) - Math.min(...box.map(([colour]) => channel(colour, c))));
        const c = widths.indexOf(Math.max(...widths));
        return { box, c, weight: widths[c] * Math.sqrt(box.reduce((sum, [, n]) => sum + n, 0)) };
    };
    const boxes = [spread([...counts])];
    while (boxes.length < most) {
        boxes.sort((a, b) => a.weight - b.weight);
        const { box, c } = boxes.pop();
        box.sort(([a], [b]) => channel(a, c) - channel(b, c) || a - b);
        const half = box.reduce((sum, [, n]) => sum + n, 0) / 2;
        let seen = 0;
        let cut = box.findIndex(([, n]) => (seen += n) >= half) + 1;
        cut = Math.min(Math.max(cut, 1), box.length - 1);
        boxes.push(spread(box.slice(0, cut)), spread(box.slice(cut)));
    }
    return boxes.map(({ box }) => box.reduce((best, one) => (one[1] > best[1] ? one : best))[0]); // the colour that stands most often is kept exact
}

const distance = (a, b) => (channel(a, 0) - channel(b, 0)) ** 2 + (channel(a, 1) - channel(b, 1)) ** 2 + (channel(a, 2) - channel(b, 2)) ** 2;

function paletteOf(pixels) {
    const counts = new Map();
    for (let i = 0; i < pixels.length; i += 3) {
        const colour = pixels.readUIntBE(i, 3);
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const colours = counts.size <= 256 ? [...counts.keys()].sort((a, b) => a - b) : medianCut(counts, 256);
    const index = new Map(colours.map((colour, i) => [colour, i]));
    let lost = 0;
    for (const [colour, n] of counts) {
        if (!index.has(colour)) {
            const nearest = colours.reduce((best, one, i) => (distance(one, colour) < distance(colours[best], colour) ? i : best), 0);
            index.set(colour, nearest);
        }
        lost += Math.sqrt(distance(colours[index.get(colour)], colour) / 3) * n;
    }
    return { colours, index, error: lost / (pixels.length / 3), of: counts.size };
}

function packed(width, height, type, rows, palette) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header[8] = 8;
    header[9] = type;
    return Buffer.concat([SIGN, chunk("IHDR", header), ...(palette ? [chunk("PLTE", palette)] : []), chunk("IDAT", zlib.deflateSync(rows, { level: 9, memLevel: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

// Whether nobody would tell two pictures apart: a browser draws the edges of a few letters otherwise from one run to the next.
export function alike(before, after, levels = 16, most = 20) {
    const [a, b] = [decode(before), decode(after)];
    let differ = a.width === b.width && a.height === b.height ? 0 : Infinity;
    for (let i = 0; i < a.pixels.length && differ <= most; i += 3) {
        differ += [0, 1, 2].some((c) => Math.abs(a.pixels[i + c] - b.pixels[i + c]) > levels) ? 1 : 0;
    }
    return differ <= most;
}

// The small PNG of a screenshot: {bytes, colours: how many it had, error: mean error of a channel, 0 … 255}.
export function shrink(png, worst = 1) {
    const { width, height, pixels } = decode(png);
    const { colours, index, error, of } = paletteOf(pixels);
    if (error > worst) {
        return { bytes: png, colours: of, error: 0 };
    }
    const rows = Buffer.alloc(height * (width + 1));
    for (let i = 0; i < width * height; i++) {
        rows[i + Math.floor(i / width) + 1] = index.get(pixels.readUIntBE(i * 3, 3));
    }
    const palette = Buffer.alloc(colours.length * 3);
    colours.forEach((colour, i) => palette.writeUIntBE(colour, i * 3, 3));
    return { bytes: packed(width, height, 3, rows, palette), colours: of, error };
}
