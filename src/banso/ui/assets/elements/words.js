// Sentences come from the page (json_script "words"), so that every language is in the .po files.
const source = document.getElementById("words");
const words = source ? JSON.parse(source.textContent) : {};

export const say = (name, places = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, place) => (place in places ? String(places[place]) : whole));
