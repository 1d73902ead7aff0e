// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/action_button.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QRadioButton>
#include <QScrollBar>
#include <QSet>
#include <QSlider>
#include <QStringList>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

#include <algorithm>

namespace poolscope {

/// \return whether \p widget is something to be used, and not part of another such thing.
inline bool isControl(const QWidget& widget)
{
    const QWidget* parent = widget.parentWidget();
    if (qobject_cast<const QScrollBar*>(&widget) != nullptr ||
        qobject_cast<const QHeaderView*>(&widget) != nullptr ||
        qobject_cast<const QLabel*>(&widget) != nullptr || // text to be selected
        qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
        qobject_cast<const QComboBox*>(parent) != nullptr ||
        qobject_cast<const QLineEdit*>(parent) != nullptr || // the cross that empties it
        qobject_cast<const QTabBar*>(parent) != nullptr || // its arrows
        qobject_cast<const QAbstractScrollArea*>(parent) != nullptr) { // its viewport, its corner
        return false;
    }
    return widget.focusPolicy() != Qt::NoFocus ||
           qobject_cast<const QAbstractButton*>(&widget) != nullptr;
}

/// \return whether a key does the same: the button's action has one, or stands in a menu.
inline bool hasKey(const QWidget& widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    if (button == nullptr) {
        return false;
    }
    if (!button->shortcut().isEmpty()) {
        return true;
    }
    const auto* tool = qobject_cast<const QToolButton*>(&widget);
    const auto* push = qobject_cast<const ActionButton*>(&widget);
    const QAction* does = tool != nullptr   ? tool->defaultAction()
                          : push != nullptr ? push->action()
                                            : nullptr;
    return does != nullptr &&
           (!does->shortcut().isEmpty() ||
            std::ranges::any_of(does->associatedObjects(), [](const QObject* shown) {
                return qobject_cast<const QMenu*>(shown) != nullptr;
            }));
}

/// \return what has the focus, one after the other, as Tab is pressed until it comes round.
inline QSet<const QWidget*> reachedByTab(QWidget& window)
{
    constexpr int kMost = 300;
    QSet<const QWidget*> reached;
    for (int i = 0; i < kMost; ++i) {
        QWidget* focused = QApplication::focusWidget();
        QTest::keyClick(focused != nullptr ? focused : &window, Qt::Key_Tab);
        reached.insert(QApplication::focusWidget());
    }
    return reached;
}

/// \return the controls shown in \p window, parts of it alone.
inline QList<QWidget*> shownControls(const QWidget& window)
{
    QList<QWidget*> controls;
    for (QWidget* widget : window.findChildren<QWidget*>()) {
        if (widget->window() == &window && widget->isVisible() && isControl(*widget)) {
            controls += widget;
        }
    }
    return controls;
}

/// \return what a failed check says of \p widget.
inline QString described(const QWidget& widget)
{
    return QStringLiteral("%1 “%2” in %3")
        .arg(QString::fromLatin1(widget.metaObject()->className()),
             widget.accessibleName().isEmpty() ? widget.objectName() : widget.accessibleName(),
             QString::fromLatin1(widget.parentWidget()->metaObject()->className()));
}

/// \return the controls shown in \p window that have no name.
inline QStringList withoutName(const QWidget& window)
{
    QStringList nameless;
    for (QWidget* widget : shownControls(window)) {
        const QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(widget);
        if (widget->focusProxy() == nullptr &&
            (accessible == nullptr || accessible->text(QAccessible::Name).isEmpty())) {
            nameless += described(*widget);
        }
    }
    return nameless;
}

/// \return the controls shown in \p window, which is active, that can be used by mouse only.
inline QStringList withoutKey(QWidget& window)
{
    const QSet<const QWidget*> reached = reachedByTab(window);
    QStringList keyless;
    for (const QWidget* widget : shownControls(window)) {
        const QWidget* proxy = widget->focusProxy();
        const bool isReached =
            reached.contains(widget) || (proxy != nullptr && reached.contains(proxy));
        const bool isRadio =
            qobject_cast<const QRadioButton*>(widget) != nullptr; // arrows go there
        if (widget->isEnabled() && !isReached && !isRadio && !hasKey(*widget)) {
            keyless += described(*widget);
        }
    }
    return keyless;
}

} // namespace poolscope
