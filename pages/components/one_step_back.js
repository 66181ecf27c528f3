/* One step back is one page. A page writes its filters into the address once it has been drawn, which completes the entry of the
   browser's history that the visitor came with; only what the visitor chooses there is an entry of its own. */
{
  let hasCome = true
  const push = history.pushState.bind(history)
  history.pushState = (state, unused, url) => {
    const next = new URL(url ?? location.href, location.href)
    const isSamePage = next.pathname === location.pathname
    if (hasCome && isSamePage) history.replaceState(state, unused, url)
    else push(state, unused, url)
    hasCome = !(isSamePage && next.search)
  }
  for (const act of ['pointerdown', 'keydown']) addEventListener(act, () => { hasCome = false }, true)
}
