// The one script of the pages. Every page works without it; it only makes the menu fold away on a narrow screen
// and stops a form from being sent twice.
import { initAll } from './vendor/govuk-frontend.min.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
}
initAll()
