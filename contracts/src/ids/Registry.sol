// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {Signed} from "./Signed.sol";

/// The records of ids and what can be read from them.
abstract contract Registry is IAutoIds, Signed {
    /// One slot, so that the check of a ballot reads one slot a link of the issuer chain.
    struct Entry {
        address controller;
        uint40 validUntil;
        uint32 issuer;
        uint8 kind;
        uint8 depth;
        uint8 ended;
    }

    uint8 internal constant PERSON = 1;
    uint8 internal constant ORGANISATION = 2;
    uint8 internal constant AGENT = 3;
    uint8 internal constant REVOKED = 1;
    uint8 internal constant DEACTIVATED = 2;
    /// Issuers above an id: organisation, department, person, agent.
    uint256 internal constant MAX_DEPTH = 3;

    mapping(uint256 id => Entry) internal _entries;
    mapping(uint256 id => bytes32) internal _certificates;
    mapping(address => uint256) internal _newestIdOf;

    /// @inheritdoc IAutoIds
    mapping(uint256 word => uint256) public changed;

    /// @inheritdoc IAutoIds
    uint256 public total;

    /// @inheritdoc IAutoIds
    function idOf(address account) public view returns (uint256 id) {
        id = _newestIdOf[account];
        if (!isLive(id)) return 0;
    }

    /// @inheritdoc IAutoIds
    function controllerOf(uint256 id) public view returns (address) {
        return _entries[id].controller;
    }

    /// @inheritdoc IAutoIds
    function liveControllerOf(uint256 id) external view returns (address) {
        return isLive(id) ? _entries[id].controller : address(0);
    }

    /// @inheritdoc IAutoIds
    function kindOf(uint256 id) public view returns (uint8) {
        return _entries[id].kind;
    }

    /// @inheritdoc IAutoIds
    function isController(uint256 id, address account) external view returns (bool) {
        return isLive(id) && _entries[id].controller == account;
    }

    /// @inheritdoc IAutoIds
    function isLive(uint256 id) public view returns (bool) {
        for (uint256 level; level <= MAX_DEPTH; ++level) {
            Entry storage e = _entries[id];
            if (e.kind == 0 || e.ended != 0) return false;
            if (e.validUntil != 0 && block.timestamp > e.validUntil) return false;
            if (e.issuer == 0) return true;
            id = e.issuer;
        }
        return false;
    }

    function _controllerOfIssuer(uint256 id) internal view returns (address) {
        return _entries[_entries[id].issuer].controller;
    }

    function _markChanged(uint256 id) internal {
        changed[id >> 8] |= 1 << (id & 0xff);
    }

    function _end(uint256 id, uint8 how) internal {
        _entries[id].ended |= how;
        _markChanged(id);
        if (how == REVOKED) emit Revoked(id);
        else emit Deactivated(id);
    }

    /// An address leaves an id that is not live for a new one; the old id must not come back to life beside it.
    function _leaveDeadId(address account) internal {
        uint256 old = _newestIdOf[account];
        if (old != 0 && _entries[old].controller == account && _entries[old].ended == 0) _end(old, DEACTIVATED);
    }
}
