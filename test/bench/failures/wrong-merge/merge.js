function merge(base, own) {
  return { ...own, ...base }; // wrong
}

module.exports = { merge };
