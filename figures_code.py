"""What draws figures, 5 MB of script among Streamlit's files, without what makes Chromium read most of it twice.

Small libraries in it find out what a browser can do by letting errors happen, or make an error that others follow. At the first one Chromium
looks up where each function around it stands, and reads that function again for it, however long it is (V8 keeps no positions before
somebody asks): 0.5 of 0.9 seconds before the first figure, each time the product is opened. What is asked for here has the same
answers, without the error.
"""

from __future__ import annotations

# What stands once in the file, and what stands there instead.
CHANGES = (
    # get-intrinsic: a module is strict, so that the first of two ways to the function that throws always throws
    (
        "try{return arguments.callee,S}catch{try{return b(arguments,`callee`).get}catch{return S}}",
        "try{return b(arguments,`callee`).get}catch{return S}",
    ),
    # get-intrinsic: the prototype of all errors, by way of an error
    (
        "try{null.error}catch(e){N=T(T(e)),M[`%Error.prototype%`]=N}",
        "N=Error.prototype,M[`%Error.prototype%`]=N;",
    ),
    # is-regex: whether it is one, by an error that only exec of one leads to
    ("try{s(e,u)}catch(e){return e===c}", "return Object.prototype.toString.call(e)===`[object RegExp]`"),
    # is-callable: its own other way, for browsers without Reflect.apply
    (
        'if(typeof r==`function`&&typeof Object.defineProperty==`function`)try{i=Object.defineProperty({},"length",'
        "{get:function(){throw a}}),a={},r(function(){throw 42},null,i)}catch(e){e!==a&&(r=null)}else r=null;",
        "r=null;",
    ),
    # object.assign: whether it stops at what may not be written, which it does in all browsers that modules run in
    ("try{Object.assign(e,`xy`)}catch{return e[1]===`y`}return!1", "return!1"),
    # gl-shader: an error as the prototype of others
    (
        "t.prototype=Error(),t.prototype.name=`GLError`",
        "t.prototype=Object.create(Error.prototype),t.prototype.name=`GLError`",
    ),
    # loglevel: a logger with a name of its own looks for its level among cookies, and Chromium notes from where
    ("Y=(0,J.getLogger)(`PlotlyChart:mapboxCompat`)", "Y=console"),
    ("xe=(0,J.getLogger)(`PlotlyChart:CustomTheme`)", "xe=console"),
)


def without_errors(code: bytes) -> bytes | None:
    """The script without the errors; None where one of them is not where it is known to be."""
    for known, instead in CHANGES:
        if code.count(known.encode()) != 1:
            return None
        code = code.replace(known.encode(), instead.encode())
    return code
