// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CallsSpell} from "./CallsSpell.sol";
import {DropSpell} from "./DropSpell.sol";
import {Pause} from "./Pause.sol";

/// Makes spells from a text and calls. The address of a spell follows from its author and all of its contents, so a chain
/// that takes blocks back cannot put another spell where one was approved.
contract SpellFactory {
    /// @param expiration last second in which it may be scheduled
    struct Draft {
        string title;
        string text;
        uint48 expiration;
        bool officeHours;
        address[] targets;
        uint256[] values;
        bytes[] calls;
    }

    uint256 public constant MAX_TITLE = 200;
    uint256 public constant MAX_TEXT = 20_000;
    uint256 public constant MAX_CALLS = 20;
    uint48 public constant MAX_TIME = 180 days;

    address public immutable CALLS_SPELL;
    address public immutable DROP_SPELL;

    event SpellCreated(
        address indexed spell,
        address indexed author,
        string title,
        string text,
        uint48 expiration,
        bool officeHours,
        address[] targets,
        uint256[] values,
        bytes[] calls
    );
    event DropSpellCreated(
        address indexed spell,
        address indexed author,
        bytes32 indexed plan,
        string title,
        string text,
        uint48 expiration
    );

    error BadTitle();
    error BadText();
    error BadExpiration();
    error BadCalls();
    error AlreadyCreated(address spell);

    constructor(Pause pause) {
        CALLS_SPELL = address(new CallsSpell(pause));
        DROP_SPELL = address(new DropSpell(pause));
    }

    function create(Draft calldata d) external returns (address spell) {
        _examine(d.title, d.text, d.expiration);
        uint256 count = d.targets.length;
        if (count == 0 || count > MAX_CALLS || d.values.length != count || d.calls.length != count) revert BadCalls();
        spell = _make(CALLS_SPELL, _contents(d));
        bytes memory data = abi.encode(d);
        bytes32 topic = SpellCreated.selector;
        // As `emit SpellCreated(spell, msg.sender, d.title, …)`, for which the stack has no room: an encoded draft is its
        // place, one word, and then its members.
        assembly ("memory-safe") {
            log3(add(data, 0x40), sub(mload(data), 0x20), topic, spell, caller())
        }
    }

    /// A spell that drops a plan of the Pause.
    function createDrop(
        string calldata title,
        string calldata text,
        uint48 expiration,
        address action,
        bytes32 codeHash,
        bytes calldata call,
        uint48 eta
    ) external returns (address spell) {
        _examine(title, text, expiration);
        DropSpell.Contents memory c =
            DropSpell.Contents(title, keccak256(bytes(text)), expiration, action, codeHash, call, eta);
        spell = _make(DROP_SPELL, abi.encode(c));
        emit DropSpellCreated(spell, msg.sender, DropSpell(spell).plan(), title, text, expiration);
    }

    /// Where `create` puts the draft of an author.
    function addressOf(address author, Draft calldata d) external view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(CALLS_SPELL, _contents(d), _salt(author));
    }

    function _make(address kind, bytes memory contents) private returns (address spell) {
        bytes32 salt = _salt(msg.sender);
        spell = Clones.predictDeterministicAddressWithImmutableArgs(kind, contents, salt);
        // A second creation would fail too, but burn all gas.
        if (spell.code.length != 0) revert AlreadyCreated(spell);
        Clones.cloneDeterministicWithImmutableArgs(kind, contents, salt);
    }

    function _contents(Draft calldata d) private pure returns (bytes memory) {
        bytes32 textHash = keccak256(bytes(d.text));
        return
            abi.encode(
                CallsSpell.Contents(
                    d.title,
                    textHash,
                    d.expiration,
                    d.officeHours,
                    d.targets,
                    d.values,
                    d.calls
                )
            );
    }

    function _examine(string calldata title, string calldata text, uint48 expiration) private view {
        if (bytes(title).length == 0 || bytes(title).length > MAX_TITLE) revert BadTitle();
        if (bytes(text).length > MAX_TEXT) revert BadText();
        if (expiration <= block.timestamp || expiration > block.timestamp + MAX_TIME) revert BadExpiration();
    }

    function _salt(address author) private pure returns (bytes32) {
        return bytes32(uint256(uint160(author)));
    }
}
