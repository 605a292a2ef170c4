// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// The suffix of a description, `#proposer=0x…`, by which an author keeps others from proposing the same first.
library Proposers {
    uint256 private constant ADDRESS = 42;
    bytes10 private constant MARK = "#proposer=";

    /// As OpenZeppelin's Governor has it: a suffix that is no address binds nobody.
    function mayPropose(address proposer, string memory description) internal pure returns (bool) {
        uint256 length = bytes(description).length;
        if (length < ADDRESS + 10) return true;
        bytes10 mark;
        assembly ("memory-safe") {
            mark := mload(add(description, sub(length, 20)))
        }
        if (mark != MARK) return true;
        (bool isAddress, address named) = Strings.tryParseAddress(description, length - ADDRESS, length);
        return !isAddress || named == proposer;
    }
}
