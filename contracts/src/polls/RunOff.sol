// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Instant run-off. A round counts each ranking for its first option that is still in. Who has more than half wins; the
/// rounds end without a winner when two are left and neither has. Otherwise the weakest go: as many as together have
/// fewer votes than the next one, or else the weakest alone, which of equals is the one with fewer first choices, and
/// of those the last in the list.
///
/// `core/voting/run-off.ts` is the same, and a test holds them together.
library RunOff {
    /// @param rankings 4 bits an option from the first choice on, numbers from 1
    /// @param isActive whether more than half is of those who still have an option in, or of all
    function count(
        uint256[] memory rankings,
        uint256[] memory weights,
        uint256 options,
        bool isActive
    ) internal pure returns (uint256 winner, uint256[][] memory rounds) {
        rounds = new uint256[][](options);
        uint256 n;
        uint256 left = options;
        uint256 isOut;
        unchecked {
            while (winner == 0) {
                (uint256[] memory votes, uint256 all, uint256 active) = _round(rankings, weights, options, isOut);
                rounds[n++] = votes;
                uint256[] memory order = _order(votes, rounds[0], isOut, left);
                uint256 strongest = order[left - 1];
                if (votes[strongest - 1] * 2 > (isActive ? active : all)) winner = strongest;
                else if (left <= 2) break;
                else {
                    uint256 going = _going(votes, order);
                    for (uint256 i; i < going; ++i) isOut |= 1 << order[i];
                    left -= going;
                }
            }
        }
        assembly ("memory-safe") {
            mstore(rounds, n)
        }
    }

    function _round(
        uint256[] memory rankings,
        uint256[] memory weights,
        uint256 options,
        uint256 isOut
    ) private pure returns (uint256[] memory votes, uint256 all, uint256 active) {
        votes = new uint256[](options);
        unchecked {
            for (uint256 i; i < rankings.length; ++i) {
                all += weights[i];
                uint256 rest = rankings[i];
                while (rest != 0 && (isOut >> (rest & 15)) & 1 != 0) rest >>= 4;
                if (rest == 0) continue;
                votes[(rest & 15) - 1] += weights[i];
                active += weights[i];
            }
        }
    }

    /// The options still in, the weakest first.
    function _order(
        uint256[] memory votes,
        uint256[] memory firsts,
        uint256 isOut,
        uint256 left
    ) private pure returns (uint256[] memory order) {
        order = new uint256[](left);
        uint256 n;
        unchecked {
            // From the last of the list on, so that of equals the last comes first.
            for (uint256 option = votes.length; option != 0; --option) {
                if ((isOut >> option) & 1 != 0) continue;
                uint256 at = n++;
                for (; at != 0 && _isWeaker(votes, firsts, option, order[at - 1]); --at) order[at] = order[at - 1];
                order[at] = option;
            }
        }
    }

    function _isWeaker(
        uint256[] memory votes,
        uint256[] memory firsts,
        uint256 a,
        uint256 b
    ) private pure returns (bool) {
        unchecked {
            if (votes[a - 1] != votes[b - 1]) return votes[a - 1] < votes[b - 1];
            return firsts[a - 1] < firsts[b - 1];
        }
    }

    /// How many of the weakest go at once; two always stay.
    function _going(uint256[] memory votes, uint256[] memory order) private pure returns (uint256 going) {
        going = 1;
        uint256 together;
        unchecked {
            for (uint256 i; i + 2 < order.length; ++i) {
                together += votes[order[i] - 1];
                if (together < votes[order[i + 1] - 1]) going = i + 1;
            }
        }
    }
}
