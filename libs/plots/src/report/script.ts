/**
 * The page's only script: a decision under the pointer, or reached with the arrow keys, is marked in the picture and explained
 * below it. Without it the table of decisions says the same.
 */
export const reportScript = `
for (const section of document.querySelectorAll('[data-workload]')) {
  const card = section.querySelector('[data-card]');
  const texts = section.querySelectorAll('template');
  const pictures = section.querySelectorAll('.picture');
  let chosen = -1;
  const choose = (index) => {
    if (index < 0 || index >= texts.length || index === chosen) return;
    chosen = index;
    for (const mark of section.querySelectorAll('[data-decision]')) {
      mark.classList.toggle('chosen', Number(mark.dataset.decision) === index);
    }
    card.replaceChildren(texts[index].content.cloneNode(true));
  };
  for (const picture of pictures) {
    const over = (event) => {
      const mark = event.target.closest('[data-decision]');
      if (mark) choose(Number(mark.dataset.decision));
    };
    picture.addEventListener('pointerover', over);
    picture.addEventListener('click', over);
    picture.addEventListener('keydown', (event) => {
      const next = { ArrowRight: chosen + 1, ArrowLeft: Math.max(0, chosen - 1), Home: 0, End: texts.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose(next);
    });
  }
}
`;
