// How React 16 is told to draw, in the words of its successors.
import { render } from "react-dom";

export const createRoot = (place) => ({ render: (page) => render(page, place) });
