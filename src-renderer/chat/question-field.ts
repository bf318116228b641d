/** Id of the composer's text field, where keys typed anywhere else end up. */
export const questionFieldId = 'question'
