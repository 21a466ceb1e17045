/* Which words of a sentence another one has not: by the longest run of words that both have in their order. */
export interface Part {
    text: string;
    changed: boolean;
}

const token = /[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const isWord = /^[\p{L}\p{M}\p{N}]/u;
/* Sentences that are longer are shown as changed whole: the table below has as many cells as both have words. */
const MOST_CELLS = 250000;

const folded = (word: string): string => word.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "").toLowerCase();

/* For each of `a`, whether it is in a longest common subsequence with `b`. */
function common(a: readonly string[], b: readonly string[]): boolean[] {
    const width = b.length + 1;
    const length = new Uint32Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--) {
        for (let j = b.length - 1; j >= 0; j--) {
            length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
        }
    }
    const kept = a.map(() => false);
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
        if (a[i] === b[j]) {
            kept[i] = true;
            i++;
            j++;
        } else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) {
            i++;
        } else {
            j++;
        }
    }
    return kept;
}

export function changedWords(text: string, other: string): Part[] {
    const tokens = text.match(token) ?? [];
    const words = tokens.filter((one) => isWord.test(one)).map(folded);
    const others = (other.match(token) ?? []).filter((one) => isWord.test(one)).map(folded);
    if ((words.length + 1) * (others.length + 1) > MOST_CELLS) {
        return [{ text, changed: true }];
    }
    const kept = common(words, others);
    let word = 0;
    const parts = tokens.map((one): Part => ({ text: one, changed: isWord.test(one) && !kept[word++] }));
    // What stands between two changed words goes with them.
    const whole = parts.map((part, i) => ({ ...part, changed: part.changed || (!isWord.test(part.text) && /^\s+$/.test(part.text) && !!parts[i - 1]?.changed && !!parts[i + 1]?.changed) }));
    const joined: Part[] = [];
    for (const part of whole) {
        const last = joined[joined.length - 1];
        if (last?.changed === part.changed) {
            last.text += part.text;
        } else {
            joined.push(part);
        }
    }
    return joined;
}
