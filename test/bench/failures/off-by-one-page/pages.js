function pageOf(list, number, size) {
  const from = number * size; // wrong
  return list.slice(from, from + size);
}

function pageCount(list, size) {
  return Math.ceil(list.length / size);
}

module.exports = { pageOf, pageCount };
