// Elements out of data. Whatever comes from a page enters as a text node: no markup is ever parsed.

const svgSpace = "http://www.w3.org/2000/svg";

// Controls have no business in shown text, least of all those that turn its direction around (U+202A to U+202E,
// U+2066 to U+2069): what a page says is shown in the order it says it. Stored text and offsets keep them.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

function shown(child) {
    return typeof child === "object" ? child : String(child).replace(controls, "");
}

function fill(element, properties, children) {
    for (const [name, value] of Object.entries(properties || {})) {
        if (value === null || value === undefined || value === false) {
            continue;
        }
        if (name.startsWith("on")) {
            element.addEventListener(name.slice(2), value);
        } else if (name === "place") {
            // Positions by the object model: a style attribute would be refused by the page's own policy.
            for (const [property, amount] of Object.entries(value)) {
                element.style.setProperty(property, amount);
            }
        } else {
            element.setAttribute(name, value === true ? "" : String(value));
        }
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false).map(shown));
    return element;
}

export function h(tag, properties, ...children) {
    return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties, ...children) {
    return fill(document.createElementNS(svgSpace, tag), properties, children);
}

// Text in a script and direction of its own; figures without a letter run as the page does.
export function isolated(text, properties) {
    const own = text ?? "";
    return h("bdi", { dir: /\p{L}/u.test(own) ? null : document.documentElement.dir, ...properties }, own);
}

// Only web addresses are followed; anything else a page calls its address is shown, not linked.
export function outward(address, ...children) {
    let safe = false;
    try {
        safe = ["http:", "https:"].includes(new URL(address).protocol);
    } catch (error) {
        safe = false;
    }
    return safe ? h("a", { href: address, rel: "noopener noreferrer nofollow", target: "_blank" }, ...children)
                : h("span", {}, ...children);
}

export function replace(element, ...children) {
    element.replaceChildren(...children.flat(Infinity).filter(Boolean).map(shown));
}
