// What draws figures takes a third of a second to begin, once in the life of a page. That is done while the page waits for its
// first answer, not when the first figure has come.
{
  const begin = () => {
    const isAsking = document.querySelector('[data-testid=stApp][data-test-script-state=running]')
    if (!isAsking) return setTimeout(begin, 20)
    const figures = document.querySelector('link[rel=modulepreload][href*="/PlotlyChart."]')
    if (figures) import(figures.href).catch(() => {}) // where it cannot be loaded, Streamlit says so itself
  }
  addEventListener('load', begin)
}
