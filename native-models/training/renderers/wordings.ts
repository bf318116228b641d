/**
 * How people ask. `{x}`, `{y}` are slots filled by the renderer. At least six wordings a question, polite, plain and terse.
 */
export const WORDINGS = {
  // Windows
  theme: [
    'Is the window dark or light?', 'Is this a dark or a light window?', 'Dark or light theme?', 'Which theme does the window use, dark or light?',
    'Does the window use dark mode or light mode?', 'Is the theme light or dark?', 'light or dark?', 'What theme is it?',
  ],
  'dialog-kind': [
    'What kind of dialog is this?', 'What kind of icon is shown?', 'Which icon does the dialog show?', 'Is it an error, a warning, a question or information?',
    'What type of message is it?', 'What sort of dialog is this?', 'dialog type?', 'Which kind of message box is this?', 'What does the icon stand for?',
  ],
  title: [
    'What is the title of the window?', 'What does the title bar say?', "What's the window called?", 'Read the title of the window.',
    'Which title does this window have?', 'window title?', 'What is the name of this window?', 'Title of the window?', 'What is written in the title bar?',
  ],
  'title-colour': [
    'What colour is the title bar?', 'What color is the title bar?', 'Which colour does the title bar have?', 'title bar color?',
    'Name the color of the title bar.', 'In what colour is the title bar?',
  ],
  message: [
    'What does the message say?', 'Read the message.', 'What is the message?', 'What does the dialog say?', 'What text is in the dialog?',
    'What is it telling me?', 'message text?', 'Which message is shown?', "What's the message in this window?",
  ],
  labels: [
    'Which buttons are there?', 'What buttons does the window have?', 'List the buttons.', 'Name all the buttons.',
    'Which buttons does it have?', 'Read out the buttons.', 'What are the button labels?', 'buttons?', 'Read the labels of the buttons.',
  ],
  'count-buttons': [
    'How many buttons are there?', 'How many buttons does the window have?', 'Count the buttons.', 'What is the number of buttons?',
    'number of buttons?', 'How many buttons can you see?', 'How many buttons are shown?',
  ],
  'button-present': [
    'Is there a button "{x}"?', 'Is there a {x} button?', 'Does the window have a {x} button?', 'Is {x} one of the buttons?', 'Do you see a {x} button?',
    'Is a button called {x} there?', 'Has it got a {x} button?', 'any {x} button?',
  ],
  'default-button': [
    'Which button is highlighted?', 'Which button is the default?', 'What is the default button?', 'Which button stands out?',
    'Which button is the main one?', 'highlighted button?', 'What would pressing Enter click?', 'Which of the buttons is highlighted?',
  ],
  'button-disabled': [
    'Is the {x} button greyed out?', 'Is the {x} button disabled?', 'Is {x} greyed out?', 'Is {x} a disabled button?', 'Is the button {x} inactive?', 'Has {x} been disabled?',
  ],
  'button-position': [
    'Which button is on the far left?', 'What is the leftmost button?', 'What is the first button from the left?', 'leftmost button?',
    'Name the button furthest to the left.', 'Which button comes first?',
  ],
  'button-position-last': [
    'Which button is on the far right?', 'What is the rightmost button?', 'What is the last button on the right?', 'rightmost button?',
    'Name the button furthest to the right.', 'Which button comes last?',
  ],
  // Forms
  checked: [
    'Is {x} checked?', 'Is "{x}" ticked?', 'Is {x} on?', 'Is the box {x} checked?', 'Is {x} turned on?', 'Is {x} enabled?', 'Has {x} been ticked?',
    'Is there a check mark at {x}?', 'Does {x} have a check mark?',
  ],
  'count-checked': [
    'How many boxes are checked?', 'How many options are on?', 'How many of them are ticked?', 'Count the checked boxes.', 'number of checked boxes?',
    'How many check boxes are selected?', 'How many options are turned on?',
  ],
  'count-boxes': [
    'How many options are there?', 'How many boxes are there?', 'Count the options.', 'number of options?', 'How many options does the form offer?',
    'How many options can you see?', 'How many choices are shown?',
  ],
  options: [
    'What are the options?', 'Which options are there?', 'List the options.', 'Name all options in the window.', 'Read the options.', 'options?',
    'Which options does the window offer?',
  ],
  'which-checked': [
    'Which options are checked?', 'What is checked?', 'Which boxes are ticked?', 'Which options are on?', 'List what is checked.', 'checked options?',
    'Which options are turned on?',
  ],
  radio: [
    'Which option is selected?', 'Which option is chosen?', 'What is selected?', 'Which radio button is selected?', 'selected option?',
    'Which one is picked?', 'Which choice is active?', 'What has been chosen?',
  ],
  'radio-state': [
    'Is {x} selected?', 'Is "{x}" the selected option?', 'Is {x} chosen?', 'Is the option {x} selected?', 'Has {x} been chosen?', 'Is {x} the active choice?',
  ],
  field: [
    'What is in the {x} field?', 'What does the field {x} contain?', 'What is entered for {x}?', 'What is the value of {x}?', 'Read the {x} field.',
    '{x}?', 'What did they type into {x}?', "What's the {x}?", 'Which text stands in the field {x}?',
  ],
  'field-empty': [
    'Is the {x} field empty?', 'Is the field {x} empty?', 'Is {x} blank?', 'Has {x} been left empty?', 'Is nothing entered for {x}?', 'Is there nothing in {x}?',
  ],
  'count-fields': [
    'How many fields are there?', 'How many text fields does the form have?', 'Count the fields.', 'number of fields?', 'How many input fields can you see?',
    'How many fields does it have?',
  ],
  'field-present': [
    'Is there a field for {x}?', 'Is there a {x} field?', 'Does the form ask for {x}?', 'Can I enter {x}?', 'Do you see a field called {x}?',
    'Does the window have a {x} field?',
  ],
  'option-present': [
    'Is there an option "{x}"?', 'Is there an option called {x}?', 'Does the window offer {x}?', 'Can {x} be chosen?', 'Do you see the option {x}?',
    'Is {x} one of the options?',
  ],
  // Tabs, menus, lists and tables
  tab: [
    'Which tab is selected?', 'Which tab is open?', 'What is the active tab?', 'Which tab is active?', 'selected tab?', 'What tab am I on?',
    'On which tab is the window?', "What's the current tab?",
  ],
  'tab-present': [
    'Is there a {x} tab?', 'Is there a tab called {x}?', 'Does the window have a {x} tab?', 'Do you see a tab named {x}?', 'Is one of the tabs {x}?', 'any {x} tab?',
  ],
  'count-tabs': [
    'How many tabs are there?', 'How many tabs does the window have?', 'Count the tabs.', 'number of tabs?', 'How many tabs can you see?', 'How many tabs are shown?',
  ],
  tabs: ['Which tabs are there?', 'What tabs does the window have?', 'List the tabs.', 'Name all the tabs.', 'tabs?', 'Read the names of the tabs.'],
  row: [
    'Which row is selected?', 'What is selected in the list?', 'Which item is highlighted?', 'Which entry is selected?', 'selected item?',
    'Which line is highlighted?', 'What is the selected item?', 'Which item is selected?',
  ],
  'count-rows': [
    'How many items are in the list?', 'How many rows are there?', 'Count the rows.', 'number of rows?', 'How many entries can you see?', 'How many items are listed?',
  ],
  'row-present': [
    'Is {x} in the list?', 'Does the list contain {x}?', 'Is there an entry {x}?', 'Do you see {x} in the list?', 'Is {x} listed?', 'Is one of the items {x}?',
  ],
  'row-first': ['What is the first item?', 'Which item is at the top of the list?', 'first item?', 'What comes first in the list?', 'Name the top entry.', 'What is the topmost item?'],
  'row-last': ['What is the last item?', 'Which item is at the bottom of the list?', 'last item?', 'What comes last in the list?', 'Name the bottom entry.', 'What is the lowest item?'],
  menu: [
    'Which menu is open?', 'What menu is open?', 'open menu?', 'Which menu has been opened?', 'What is the open menu called?', 'Which of the menus is open?',
  ],
  'menu-item': [
    'Which menu item is highlighted?', 'What is highlighted in the menu?', 'Which command is highlighted?', 'highlighted menu item?', 'Which entry of the menu is selected?',
    'Which item is the pointer on?',
  ],
  'count-menu-items': ['How many items are in the menu?', 'How many commands does the open menu have?', 'Count the menu items.', 'number of menu items?', 'How many entries does the menu have?', 'How many commands can you see in the menu?'],
  'menu-items': ['Which items are in the menu?', 'What does the open menu offer?', 'List the menu items.', 'Read the menu.', 'menu items?', 'Which commands are in the open menu?'],
  'menu-present': ['Is there a {x} menu?', 'Does the menu bar have {x}?', 'Is there a menu called {x}?', 'Do you see a {x} menu?', 'Is {x} one of the menus?', 'any {x} menu?'],
  cell: [
    'What is the {y} of {x}?', 'What does the table say for {y} of {x}?', 'Which {y} does {x} have?', 'Look up the {y} of {x}.', '{y} of {x}?',
    'What {y} is given for {x}?',
  ],
  columns: ['What are the columns?', 'Which columns does the table have?', 'List the column headings.', 'Name the columns.', 'columns?', 'What are the column titles?'],
  'count-columns': ['How many columns are there?', 'How many columns does the table have?', 'Count the columns.', 'number of columns?', 'How many columns can you see?', 'How many columns are shown?'],
  progress: [
    'How far is it?', 'How much is done?', 'What percentage is complete?', 'How far along is the task?', 'progress?', 'What does the progress bar show?', 'How many percent are done?',
  ],
  'progress-half': [
    'Is more than half done?', 'Is it past the middle?', 'Is the progress bar more than half full?', 'Is it over 50 percent?', 'more than half?', 'Has it got past half way?',
  ],
  // Charts
  'chart-kind': [
    'What kind of chart is this?', 'Which type of chart is it?', 'What sort of diagram is shown?', 'Is it a bar, line or pie chart?', 'chart type?',
    'What type of graph is this?', 'What kind of graph do you see?', 'How is the data drawn?',
  ],
  'chart-largest': [
    'Which one is the largest?', 'Which has the highest value?', 'What is the biggest one?', 'Which category is the largest?', 'largest?',
    'Which is the highest?', 'Where is the maximum?', 'What has the largest value in the chart?',
  ],
  'chart-smallest': [
    'Which one is the smallest?', 'Which has the lowest value?', 'What is the smallest one?', 'Which category is the smallest?', 'smallest?',
    'Which is the lowest?', 'Where is the minimum?', 'What has the smallest value in the chart?',
  ],
  'chart-value': [
    'What is the value of {x}?', 'How much is {x}?', 'What value does {x} have?', 'Read the value of {x}.', '{x} value?', 'Which number belongs to {x}?',
    'What number does the chart give for {x}?',
  ],
  'chart-colour': [
    'What colour is {x}?', 'What color is {x}?', 'Which colour is used for {x}?', 'In which color is {x} drawn?', 'color of {x}?', 'What is the colour of {x} in the chart?',
  ],
  'chart-which-colour': [
    'Which one is {x}?', 'What does the {x} one stand for?', 'Which category is drawn in {x}?', 'What is shown in {x}?', 'What is the {x} one?', 'Which is the {x} one?',
  ],
  'count-parts': [
    'How many {x} are there?', 'Count the {x}.', 'How many {x} does the chart have?', 'number of {x}?', 'How many {x} can you see?', 'How many {x} are shown?',
  ],
  'chart-compare': [
    'Is {x} larger than {y}?', 'Is {x} higher than {y}?', 'Is the value of {x} greater than that of {y}?', 'Is {x} more than {y}?', 'Does {x} beat {y}?',
    'Is {x} bigger than {y}?',
  ],
  'chart-trend': [
    'Is it going up or down?', 'Does the line rise or fall from the first to the last point?', 'Is the last point higher or lower than the first?',
    'Overall, does it go up or down?', 'What is the trend, up or down?', 'up or down?', 'Did it go up or down overall?',
  ],
  'chart-title': ['What is the title of the chart?', 'What is the chart about?', 'What is the chart called?', 'Read the heading of the chart.', 'chart title?', 'Which heading does the chart have?'],
  // Shapes
  'shape-colour': [
    'What colour is the {x}?', 'What color is the {x}?', 'Which colour does the {x} have?', 'color of the {x}?', 'Name the colour of the {x}.', 'In what color is the {x}?',
  ],
  'shape-kind': [
    'What shape is {x}?', 'Which shape is {x}?', 'What is the {x} shape?', 'What kind of shape is the {x} one?', 'the {x} thing is a what?', 'Which figure is {x}?',
    'What is {x} in the picture?',
  ],
  'shape-position': [
    'Where is the {x}?', 'In which part of the picture is the {x}?', 'Where in the picture can I find the {x}?', 'position of the {x}?', 'Where do you see the {x}?',
    'Tell me where the {x} is.', 'Whereabouts is the {x}?',
  ],
  'shape-at': [
    'What is at the {x}?', 'Which shape is at the {x}?', 'What do you see at the {x}?', 'What shape is at the {x} of the picture?', 'What can be seen at the {x}?', 'shape at the {x}?',
  ],
  'count-shapes': [
    'How many shapes are there?', 'How many shapes can you see?', 'Count the shapes.', 'number of shapes?', 'How many figures are in the picture?', 'How many shapes are in the picture?',
  ],
  'shape-relation-side': [
    'Is the {x} left or right of the {y}?', 'Is the {x} to the left or to the right of the {y}?', 'On which side of the {y} is the {x}, left or right?',
    'Where is the {x} compared with the {y}, left or right?', '{x}: left or right of the {y}?', 'Left or right: where is the {x} relative to the {y}?',
  ],
  'shape-relation-height': [
    'Is the {x} above or below the {y}?', 'Is the {x} higher or lower than the {y}? Say above or below.', 'Above or below: where is the {x} relative to the {y}?',
    'Where is the {x} compared with the {y}, above or below?', '{x}: above or below the {y}?', 'Does the {x} sit above or below the {y}?',
  ],
  'shape-present': [
    'Is there a {x}?', 'Is there a {x} in the picture?', 'Do you see a {x}?', 'Can you see a {x}?', 'Does the picture show a {x}?', 'any {x}?', 'Is a {x} there?',
  ],
  'shape-larger': [
    'Which is larger, the {x} or the {y}?', 'Which one is bigger: the {x} or the {y}?', 'Is the {x} or the {y} larger?', 'Which is the larger one, {x} or {y}?',
    'bigger: {x} or {y}?', 'What is bigger, the {x} or the {y}?',
  ],
  // Emoji, icons, text
  'emoji-name': [
    'What is this?', 'What do you see?', 'What does the picture show?', 'Which emoji is this?', 'What is in the picture?', 'Name this emoji.', 'what is it?', "What's this emoji called?",
  ],
  'emoji-group': [
    'What group does it belong to?', 'What group of emoji is it from?', 'Which category does this emoji belong to?', 'What sort of thing is it?',
    'category?', 'To which group does it belong?', 'Which kind of thing is shown?',
  ],
  'emoji-is': ['Is this a {x}?', 'Does the picture show {x}?', 'Is it {x}?', 'Would you say this is {x}?', 'Is {x} shown here?', 'Do you see {x}?'],
  'icon-name': [
    'What does the icon show?', 'Which icon is this?', 'What is this icon?', 'What symbol is it?', 'icon name?', 'Name the icon.', 'What does this symbol show?',
  ],
  'icon-at': [
    'Which icon is {x}?', 'What does the {x} icon show?', 'What is the {x} icon?', 'Name the {x} icon.', '{x} icon?', 'What symbol is {x} in the toolbar?',
  ],
  'icon-present': ['Is there a {x} icon?', 'Do you see a {x} icon?', 'Is a {x} symbol there?', 'Does the toolbar have a {x} icon?', 'Can you see a {x} icon?', 'any {x} icon?'],
  'icon-selected': ['Which icon is highlighted?', 'Which tool is selected?', 'What is the active tool?', 'highlighted icon?', 'Which icon is pressed?', 'Which tool is active?'],
  'count-icons': ['How many icons are there?', 'Count the icons.', 'How many icons does the toolbar have?', 'number of icons?', 'How many icons can you see?', 'How many symbols are shown?'],
  read: [
    'What does the text say?', 'Read the text.', 'What is written here?', 'Which word is shown?', 'What does it say?', 'text?', 'Can you read this?', 'What text is in the picture?',
    'Please read what is written.',
  ],
  'text-colour': ['What colour is the text?', 'What color is the text?', 'Which colour is the writing?', 'text color?', 'In which color is it written?', 'Name the colour of the letters.'],
  // Clips and several pictures
  'clip-direction': [
    'In which direction does the {x} move?', 'Where does the {x} move?', 'Which way does the {x} go?', 'Which way is the {x} moving?', 'direction of the {x}?',
    'Is the {x} moving left, right, up or down?', 'Where is the {x} going?',
  ],
  'clip-order': [
    'Which shape comes first?', 'What is shown first?', 'What appears first in the clip?', 'Which one is seen first?', 'What is in the first frame?', 'first shape?',
  ],
  'clip-order-last': [
    'Which shape comes last?', 'What is shown last?', 'What appears last in the clip?', 'Which one is seen last?', 'What is in the last frame?', 'last shape?',
  ],
  'clip-order-list': ['In which order do they appear?', 'List what is shown, in order.', 'What is the order of the shapes?', 'Name the shapes in order.', 'order?', 'What is shown, one after the other?'],
  'clip-appeared': [
    'What appears during the clip?', 'Which shape appears?', 'What is new at the end?', 'What was added?', 'Which shape is there at the end but not at the start?', 'What showed up?',
  ],
  'clip-vanished': [
    'What vanishes during the clip?', 'Which shape disappears?', 'What is missing at the end?', 'What went away?', 'Which shape is there at the start but not at the end?', 'What was removed?',
  ],
  'clip-changed': ['Does anything change?', 'Is there any change in the clip?', 'Do the frames differ?', 'Does something change during the clip?', 'any change?', 'Is something different at the end?'],
  differs: [
    'Which picture is different?', 'Which picture is the odd one out?', 'One picture differs. Which one?', 'Which of the pictures does not match the others?',
    'odd one out?', 'Find the picture that differs.', 'Which image is not like the others?',
  ],
  'differs-same': ['Are the pictures the same?', 'Do the pictures show the same?', 'Are both pictures identical?', 'Are the two pictures alike?', 'same?', 'Are these the same picture?'],
  'differs-which': [
    'Which picture shows {x}?', 'In which picture is {x}?', 'Which image has {x}?', 'Where is {x}, in which picture?', 'Find the picture with {x}.', 'which picture: {x}?',
  ],
  'clip-what-moves': ['What moves?', 'Which shape moves?', 'What is moving?', 'Which of the shapes is moving?', 'What changes its place?', 'moving shape?'],
  'clip-or': [
    'Does the {x} appear or disappear?', 'Is the {x} added or removed? Say appears or disappears.', 'Appears or disappears: the {x}?', 'What happens to the {x}, does it appear or disappear?',
    '{x}: appears or disappears?', 'Does the {x} show up or go away? Answer appears or disappears.',
  ],
  'picture-content': [
    'What is in the {x} picture?', 'What does the {x} picture show?', 'Describe the {x} picture in a few words.', 'What can be seen in the {x} picture?', '{x} picture?',
    'What is shown in the {x} one?',
  ],
  'count-pictures': ['How many pictures are there?', 'How many images did I give you?', 'Count the pictures.', 'number of pictures?', 'How many pictures do you see?', 'How many pictures have I sent?'],
  'caption-several': ['Describe the pictures.', 'What do the pictures show?', 'Describe these in one sentence.', 'Summarise the pictures in a sentence.', 'What is in these pictures?', 'Give a short description of the pictures.'],
  'caption-clip': ['Describe the clip.', 'What happens?', 'What happens in the clip?', 'Describe what you see in one sentence.', 'Summarise the clip.', 'What is going on here?', 'Describe the video.'],
  // Any picture
  caption: [
    'Describe the picture.', 'What is shown here?', 'Describe this in one sentence.', 'Give a short description.', 'Summarise the picture in a sentence.', 'What am I looking at?',
    'Caption this.', 'Write a caption for the picture.',
  ],
  thing: [
    'Does the picture show a {x}?', 'Can a {x} be seen?', 'Is there a {x} in the picture?', 'Do you see a {x} here?', 'Can you see a {x}?', 'Does this show a {x}?', 'any {x} here?',
  ],
} as const satisfies Record<string, readonly string[]>;

export type Wording = keyof typeof WORDINGS;
