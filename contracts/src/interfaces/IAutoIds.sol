// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Auto IDs: who is behind an address
/// @notice A registry of persons (kind 1), organisations (2) and agents (3). Ids are dense from 1 and never used again;
/// an address controls at most one live id. An id may have an issuer, whose end is also the end of what it issued.
///
/// What the controller, the issuer or an attestor does by a call has a signed twin `…BySig` that anybody may relay: EIP-712 in
/// the domain `AutoIds`, version 1. `nonce` is `nonces(signer)`, which every act raises by one; `deadline` is the last second;
/// a signature is of an account (65 bytes) or of a contract (ERC-1271), and empty when the signer itself calls.
interface IAutoIds {
    /// @param validUntil last second of validity, 0 for no end
    /// @param issuer id that vouches for this one, 0 for none; an agent needs one that is no agent
    /// @param certificate hash of the certificate; for an agent the hash of its mandate
    /// @param nonce `nonces(controller)`
    struct Registration {
        address controller;
        uint8 kind;
        uint256 issuer;
        uint48 validUntil;
        bytes32 certificate;
        uint256 nonce;
        uint256 deadline;
    }

    /// @param nextController where an announced rotation leads, zero when none is announced
    /// @param rotatesAt from when anyone may execute that rotation
    struct Record {
        address controller;
        uint8 kind;
        uint256 issuer;
        uint48 validUntil;
        bytes32 certificate;
        bool revoked;
        bool deactivated;
        address nextController;
        uint48 rotatesAt;
    }

    event Registered(
        uint256 indexed id,
        address indexed controller,
        uint8 kind,
        uint256 issuer,
        uint48 validUntil,
        bytes32 certificate
    );
    event Renewed(uint256 indexed id, uint48 validUntil, bytes32 certificate);
    event Revoked(uint256 indexed id);
    event Deactivated(uint256 indexed id);
    event RotationAnnounced(uint256 indexed id, address indexed from, address indexed to, uint48 rotatesAt);
    event RotationCancelled(uint256 indexed id);
    event Rotated(uint256 indexed id, address indexed from, address indexed to);

    error UnknownId();
    error UnknownKind();
    error NotLive();
    error AlreadyRegistered();
    error IssuerRequired();
    error IssuerNotLive();
    error IssuerTooDeep();
    error MandateRequired();
    error AlreadyOver();
    error SignatureExpired();
    error WrongNonce();
    error WrongSignature();
    error NotAuthorised();
    error NoRotation();
    error RotationTooEarly();

    /// @notice Registers an id by the controller's signature over `Registration`, or by the controller's own call with
    /// an empty signature; an issuer signs the same digest.
    function register(Registration calldata r, bytes calldata signature, bytes calldata issuerSignature)
        external
        returns (uint256 id);

    /// @notice Registers many ids without issuer; a bad one is skipped and its id is 0.
    function registerMany(Registration[] calldata list, bytes[] calldata signatures)
        external
        returns (uint256[] memory ids);

    /// @notice Sets a new end of validity and certificate; by the issuer, or by the controller when there is none.
    function renew(uint256 id, uint48 validUntil, bytes32 certificate) external;

    /// @notice The same by who signed
    /// `Renewal(uint256 id,uint48 validUntil,bytes32 certificate,uint256 nonce,uint256 deadline)`.
    function renewBySig(
        uint256 id,
        uint48 validUntil,
        bytes32 certificate,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ends an id for ever; by its issuer.
    function revoke(uint256 id) external;

    /// @notice The same by the issuer's controller who signed `Revocation(uint256 id,uint256 nonce,uint256 deadline)`.
    function revokeBySig(uint256 id, uint256 nonce, uint256 deadline, bytes calldata signature) external;

    /// @notice Ends an id for ever; by its controller.
    function deactivate(uint256 id) external;

    /// @notice The same by the controller who signed `Deactivation(uint256 id,uint256 nonce,uint256 deadline)`.
    function deactivateBySig(uint256 id, uint256 nonce, uint256 deadline, bytes calldata signature) external;

    /// @notice Announces a new controller; `by` is the controller or the issuer's controller, and the new controller
    /// accepts by a signature over the same digest, so that nobody is made the owner of an id against their will.
    function announceRotation(
        uint256 id,
        address to,
        address by,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature,
        bytes calldata acceptance
    ) external;

    /// @notice Takes an announced rotation back; by the controller or the issuer's controller.
    function cancelRotation(uint256 id) external;

    /// @notice The same by `by`, who signed `RotationCancel(uint256 id,uint256 nonce,uint256 deadline)`.
    function cancelRotationBySig(
        uint256 id,
        address by,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Executes an announced rotation after the delay; by anyone.
    function executeRotation(uint256 id) external;

    /// @notice The live id of an address, 0 when there is none.
    function idOf(address account) external view returns (uint256 id);

    /// @notice The address that controls an id, live or not.
    function controllerOf(uint256 id) external view returns (address);

    /// @notice The address that controls an id, zero when the id is not live.
    function liveControllerOf(uint256 id) external view returns (address);

    function kindOf(uint256 id) external view returns (uint8);

    /// @notice Whether the id and every issuer above it is valid, not revoked and not deactivated now.
    function isLive(uint256 id) external view returns (bool);

    /// @notice Whether the id is live and controlled by the account.
    function isController(uint256 id, address account) external view returns (bool);

    function record(uint256 id) external view returns (Record memory);

    /// @notice How many ids were ever registered; the newest id.
    function total() external view returns (uint256);

    /// @notice One bit an id (word = id >> 8, bit = id & 255), set when the id needs a full check: it has an issuer or an
    /// end, or was rotated, revoked or deactivated. A clean bit says: live, and the controller never changed.
    function changed(uint256 word) external view returns (uint256 bitmap);

    /// @notice Whether the key may vote for the id in the contract `scope`.
    function keyOk(uint256 id, address key, address scope) external view returns (bool);
}
