"""HTML as a tree, whose writer escapes all text."""

import base64
from xml.etree.ElementTree import Element, tostring

from tf_infomax.images import encode_png
from tf_infomax.types import Array

Node = Element | str | None
"""A child of an element: another one, text, or nothing."""
_LONG = 30


def element(tag: str, *children: Node, **attributes: object) -> Element:
    """Makes an element: `element("th", "FID", scope="row")`.

    Args:
        tag: Its name.
        *children: What is in it, in order.
        **attributes: Its attributes: `class_` for `class` and `aria_label` for `aria-label`; those that are None are
            left out.
    """
    names = {name: name.rstrip("_").replace("_", "-") for name in attributes}
    made = Element(tag, {names[name]: str(value) for name, value in attributes.items() if value is not None})
    for child in children:
        if isinstance(child, str):
            _add_text(made, child)
        elif child is not None:
            made.append(child)
    return made


def _add_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def document(root: Element) -> str:
    """Writes a whole page."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def picture(image: Array, description: str, **attributes: object) -> Element:
    """Shows an image (H, W, C) uint8, which becomes a part of the page; the description is for those who cannot see."""
    source = f"data:image/png;base64,{base64.b64encode(encode_png(image)).decode()}"
    height, width = image.shape[:2]
    return element("img", src=source, alt=description, width=width, height=height, **attributes)


def definition_list(facts: dict[str, Node]) -> Element:
    """Lists names and what they stand for."""
    return element("dl", *(_definition(name, value) for name, value in facts.items()))


def long(value: Node) -> str | None:
    """Returns the class of text that takes several lines, None for short text."""
    return "long" if isinstance(value, str) and len(value) > _LONG else None


def _definition(name: str, value: Node) -> Element:
    return element("div", element("dt", name), element("dd", value), class_=long(value))


def scroll_box(content: Element, label: str) -> Element:
    """Gives wide content a scroll bar of its own, which the keyboard reaches."""
    return element("div", content, class_="scroll", role="region", aria_label=label, tabindex=0)
