// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/style_sheet.h"

#include <array>
#include <utility>

namespace poolscope {

namespace {

QString mixed(const QColor& a, const QColor& b, double part)
{
    const auto channel = [part](int from, int to) { return from + qRound((to - from) * part); };
    return QColor(channel(a.red(), b.red()), channel(a.green(), b.green()),
                  channel(a.blue(), b.blue()))
        .name();
}

// $names are replaced by colours.
constexpr const char* kSheet = R"(
QMainWindow { background: $window; }
QToolBar { background: $window; border: 0; border-bottom: 1px solid $grid; padding: 4px 8px; spacing: 2px; }
QToolBar::separator { background: $grid; width: 1px; margin: 7px 6px; }
QToolBar QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px 8px; }
QToolBar QToolButton:hover { background: $hover; }
QToolBar QToolButton:pressed { background: $pressed; }
QToolBar QToolButton:checked { background: $checked; }
QToolBar QToolButton:checked:disabled { background: transparent; }
QToolBar QToolButton#primaryButton { background: $accent; color: $onAccent; }
QToolBar QToolButton#primaryButton:hover { background: $accentHover; }
QToolBar QToolButton#primaryButton:disabled { background: transparent; color: $disabled; }
QToolBar QToolButton:focus { border-color: $accent; }
QMenuBar { background: $window; padding: 2px 6px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QStatusBar { background: $window; border-top: 1px solid $grid; }
QStatusBar::item { border: 0; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $checkedBorder; }
QFrame#card { background: $panel; border: 1px solid $grid; border-radius: 5px; }
QFrame#setupButtons { background: $panel; border: 0; border-top: 1px solid $grid;
    border-bottom-left-radius: 4px; border-bottom-right-radius: 4px; }
QFrame#labVerdict { background: $panel; border: 0; border-top: 1px solid $grid;
    border-bottom-left-radius: 4px; border-bottom-right-radius: 4px; }
QFrame#setupButtons QPushButton, QFrame#labVerdict QPushButton { background: $button; border: 1px solid $border; border-radius: 5px;
    padding: 6px 10px; }
QFrame#setupButtons QPushButton:hover, QFrame#labVerdict QPushButton:hover { background: $hover; }
QFrame#setupButtons QPushButton:pressed, QFrame#labVerdict QPushButton:pressed { background: $pressed; }
QFrame#setupButtons QPushButton:focus, QFrame#labVerdict QPushButton:focus { border-color: $accent; }
QFrame#setupButtons QPushButton:disabled, QFrame#labVerdict QPushButton:disabled { background: transparent; border-color: $grid; }
QFrame#setupButtons QPushButton#primaryButton { background: $accent; border-color: $accent; color: $onAccent;
    font-weight: 600; padding: 8px 10px; }
QFrame#setupButtons QPushButton#primaryButton:hover { background: $accentHover; }
QFrame#setupButtons QPushButton#primaryButton:focus { border-color: $text; }
QFrame#setupButtons QPushButton#primaryButton:disabled { background: transparent; border-color: $grid;
    color: $disabled; }
QScrollArea, QWidget#setupForm { background: $panel; }
QLabel#sectionTitle { font-weight: 600; }
QLabel#dimLabel { color: $dim; }
QLabel#dimLabel:disabled { color: $disabled; }
QFrame#messageBar { background: $info; border: 1px solid $infoBorder; border-radius: 5px; }
QFrame#messageBar[isError="true"] { background: $error; border-color: $errorBorder; }
QFrame#findBar { background: $panel; border: 0; border-bottom: 1px solid $grid;
    border-top-left-radius: 4px; border-top-right-radius: 4px; }
QLabel#problemLabel { color: $failure; }
QTabBar { background: $panel; }
QTabBar::tab { background: $panel; color: $dim; border: 0; border-bottom: 2px solid transparent;
    padding: 4px 6px; margin: 0 1px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border-bottom-color: $text; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QTableView { background: $panel; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $dim; border: 0; border-bottom: 1px solid $grid;
    padding: 3px 4px; }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-origin: border; subcontrol-position: center right;
    width: 9px; height: 9px; }
QTableView::item { padding: 0 6px; }
QProgressBar { background: $lane; border: 0; border-radius: 3px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
)";

} // namespace

QString windowStyleSheet(const Theme& theme)
{
    const QPalette& palette = theme.palette;
    const auto colours = std::to_array<std::pair<const char*, QString>>({
        // A name that begins another one comes after it.
        {"$accentHover", mixed(theme.accent, theme.isDark ? Qt::white : Qt::black, 0.12)},
        {"$accent", theme.accent.name()},
        {"$onAccent", palette.color(QPalette::HighlightedText).name()},
        {"$window", theme.window.name()},
        {"$panel", theme.panel.name()},
        {"$lane", theme.laneEven.name()},
        {"$grid", theme.grid.name()},
        {"$text", theme.text.name()},
        {"$disabled", palette.color(QPalette::Disabled, QPalette::Text).name()},
        {"$dim", theme.dimText.name()},
        {"$button", palette.color(QPalette::Button).name()},
        {"$border", palette.color(QPalette::Mid).name()},
        {"$hover", mixed(theme.panel, theme.text, 0.08)},
        {"$pressed", mixed(theme.panel, theme.text, 0.15)},
        {"$checkedBorder", mixed(theme.window, theme.accent, 0.45)},
        {"$checked", mixed(theme.window, theme.accent, 0.18)},
        {"$infoBorder", mixed(theme.panel, theme.accent, 0.45)},
        {"$failure", theme.failure.name()},
        {"$info", mixed(theme.panel, theme.accent, 0.12)},
        {"$errorBorder", mixed(theme.panel, theme.failure, 0.45)},
        {"$error", mixed(theme.panel, theme.failure, 0.12)},
    });
    QString sheet = QString::fromLatin1(kSheet);
    for (const auto& [name, colour] : colours) {
        sheet.replace(QLatin1String(name), colour);
    }
    return sheet;
}

} // namespace poolscope
