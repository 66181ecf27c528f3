/* Interactive tables are drawn on a canvas, by formats that know only the hyphen. What is below nothing gets the true minus there
   that figures, sentences and documents have, what rounds to nothing no sign. The values stay numbers: the table orders and aligns
   them as such, and what is copied out of it is what the server sent. */
{
  const BELOW = /^-(\d[\d,]*(?:\.\d+)?%?)$/
  const NOTHING = /^[0.]+%?$/
  const signed = (text) => {
    if (typeof text !== 'string' || text[0] !== '-') return text
    const size = BELOW.exec(text)?.[1]
    return size ? (NOTHING.test(size) ? size : `−${size}`) : text
  }
  const draw = CanvasRenderingContext2D.prototype.fillText
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    return draw.call(this, signed(text), ...where)
  }
}
