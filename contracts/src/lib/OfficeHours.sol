// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Monday to Friday, 14:00 to 21:00 UTC: when people are there to see what a decision does.
library OfficeHours {
    uint256 private constant OPENS = 14 hours;
    uint256 private constant CLOSES = 21 hours;

    error OfficeClosed();

    function demand(uint256 time) internal pure {
        if (next(time) != time) revert OfficeClosed();
    }

    /// The first open second not before the time.
    function next(uint256 time) internal pure returns (uint256) {
        uint256 day = time / 1 days;
        uint256 second = time % 1 days;
        if (second >= CLOSES) (day, second) = (day + 1, 0);
        // Day 0 was a Thursday.
        uint256 weekday = (day + 3) % 7;
        if (weekday > 4) return (day + 7 - weekday) * 1 days + OPENS;
        return day * 1 days + (second < OPENS ? OPENS : second);
    }
}
