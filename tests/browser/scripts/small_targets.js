// Buttons, fields and navigation below 24 by 24 pixels (WCAG 2.2, 2.5.8).
[...document.querySelectorAll("button,select,input:not([type=hidden]),.tabs a,.bar nav a,.ranges a")]
  .filter((element) => element.checkVisibility() && !element.closest(".unseen,.unseen-until-focus"))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.height < 24 || box.width < 24)
  .map(([element, box]) => element.outerHTML.slice(0, 60) + " " + box.width + "x" + box.height);
